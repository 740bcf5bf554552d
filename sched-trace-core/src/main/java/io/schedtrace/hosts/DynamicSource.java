package io.schedtrace.hosts;

/**
 * Is fed events of the traced processes as they happen, and learns names from them.
 *
 * <p>Called on the session's resolver thread, in the order of the events. What it throws is logged and otherwise
 * ignored. Found by {@link java.util.ServiceLoader}, or added to the builder of the tracer.
 */
public interface DynamicSource {
    /** The origin of its names, such as {@code dns}; one short word in lower case. */
    String origin();

    /**
     * Tells {@code sink} what the event says of hosts.
     *
     * @param event what a process did
     * @param sink takes names and addresses
     */
    void observe(HostEvent event, HostSink sink);
}
