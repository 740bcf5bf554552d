package io.schedtrace.hosts;

import java.net.InetAddress;
import java.util.List;

/** Something that a traced process did from which names of hosts can be learned. */
public sealed interface HostEvent {
    /**
     * A DNS message that arrived in answer to a query of the process.
     *
     * @param query the message that the process sent, as on the wire
     * @param answer the message that it got, as on the wire; whatever the network sent
     */
    @SuppressWarnings("ArrayRecordComponent")
    record DnsAnswer(byte[] query, byte[] answer) implements HostEvent {}

    /**
     * The result of getaddrinfo(3).
     *
     * @param name what the process asked for
     * @param addresses what it was told, in order
     */
    record NameResolved(String name, List<InetAddress> addresses) implements HostEvent {}
}
