package io.schedtrace.hosts;

import java.net.InetAddress;
import java.util.List;

/** Something that a traced process did from which names of hosts can be learned. */
public sealed interface HostEvent {
    /**
     * A DNS message that the process has read, with the form of an answer.
     *
     * @param message as on the wire: whatever the network sent, or the beginning of it
     */
    @SuppressWarnings("ArrayRecordComponent")
    record DnsAnswer(byte[] message) implements HostEvent {}

    /**
     * The result of getaddrinfo(3).
     *
     * @param name what the process asked for
     * @param addresses what it was told, in order
     */
    record NameResolved(String name, List<InetAddress> addresses) implements HostEvent {}
}
