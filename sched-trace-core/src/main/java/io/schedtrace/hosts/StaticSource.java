package io.schedtrace.hosts;

/**
 * Looks once at a process, when it has begun a program, for the hosts that it is told to talk to.
 *
 * <p>Called on the session's resolver thread, never on the thread that reads kernel records. What it throws is logged
 * and otherwise ignored. Found by {@link java.util.ServiceLoader}, or added to the builder of the tracer.
 */
public interface StaticSource {
    /** The origin of its names, such as {@code environ}; one short word in lower case. */
    String origin();

    /**
     * Tells {@code sink} the hosts that the process knows by name.
     *
     * @param image the process as it was at its exec; not to be kept after the call, since it holds the environment
     * @param sink takes names, and addresses where they are known
     */
    void inspect(ProcessImage image, HostSink sink);
}
