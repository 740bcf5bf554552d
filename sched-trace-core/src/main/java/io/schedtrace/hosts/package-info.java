/**
 * Names for addresses: what a process knows by name, matched to what it connects to.
 *
 * <p>{@link io.schedtrace.hosts.StaticSource} looks once at a program's command line, environment and hosts file;
 * {@link io.schedtrace.hosts.DynamicSource} is fed what the process does. {@link io.schedtrace.hosts.HostNames} keeps
 * what they say and resolves candidates off the reader thread.
 */
@NullMarked
package io.schedtrace.hosts;

import org.jspecify.annotations.NullMarked;
