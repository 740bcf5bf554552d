package io.schedtrace.model;

/**
 * A name for an address.
 *
 * @param name the host name in lower case, without a final dot
 * @param origin where the name was learned: {@code dns}, {@code getaddrinfo}, {@code hosts}, {@code cmdline}, {@code
 *     environ}, or the {@link io.schedtrace.hosts.StaticSource#origin() origin} of a source of the user
 */
public record HostName(String name, String origin) {}
