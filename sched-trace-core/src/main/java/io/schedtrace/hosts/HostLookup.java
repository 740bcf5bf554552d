package io.schedtrace.hosts;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/**
 * Finds the addresses of a name.
 *
 * <p>Called on daemon threads that do nothing else, several at a time. A call that takes longer than {@link
 * HostOptions#lookupTimeout()} counts as failed and its thread is given up; what it returns later still counts. The
 * thread is interrupted when the session closes.
 */
@FunctionalInterface
public interface HostLookup {
    /**
     * Finds the addresses of a name.
     *
     * @param name a valid host name in ASCII: lower case, without a final dot, never an address
     * @return its addresses; an empty list if it has none
     * @throws IOException if the name is not known or could not be looked up
     */
    List<InetAddress> lookup(String name) throws IOException;

    /** The lookup of this JVM, {@link InetAddress#getAllByName(String)}: hosts file and DNS as the system is set up. */
    static HostLookup system() {
        return name -> List.of(InetAddress.getAllByName(name));
    }
}
