/**
 * Sources of host names for the addresses that traced processes connect to.
 *
 * <p>A {@link io.schedtrace.hosts.StaticSource} inspects a process once, at its exec: command line, environment and
 * hosts file. A {@link io.schedtrace.hosts.DynamicSource} observes events of the process, such as DNS answers. Both
 * report names to a {@link io.schedtrace.hosts.HostSink}. {@link io.schedtrace.hosts.HostOptions} sets how names
 * without an address are looked up.
 */
@NullMarked
package io.schedtrace.hosts;

import org.jspecify.annotations.NullMarked;
