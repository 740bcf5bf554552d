package io.schedtrace.hosts;

import java.net.InetAddress;

/** Takes what a source has found. May be called only during the call that it was passed to. */
public interface HostSink {
    /**
     * A name that the process may connect to, whose address is not known. It is resolved only if the process opens a
     * connection, and only if the session resolves candidates at all: a lookup tells the network of the name.
     *
     * @param name a host name; what is no valid host name is ignored
     */
    void candidate(String name);

    /**
     * A name whose address is known.
     *
     * @param name a host name; what is no valid host name is ignored
     * @param address an address of that host
     */
    void fact(String name, InetAddress address);
}
