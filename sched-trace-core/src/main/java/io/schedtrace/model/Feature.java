package io.schedtrace.model;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a trace tells, as far as not every {@link Via} can know it. What it cannot know is null or absent, never 0.
 *
 * <pre>{@code
 * if (!Feature.JVM_CONNECTIONS.isIn(trace.via())) {
 *     System.out.println("connections of this JVM are not in the trace");
 * }
 * }</pre>
 */
public enum Feature {
    /** Connections and listeners of the JVM's own threads. */
    JVM_CONNECTIONS("connections and listeners of the JVM's own threads", Via.PTRACE),
    /** Names of hosts from DNS answers. */
    DNS_ANSWERS("names from DNS answers", Via.PTRACE),
    /** Names of hosts from getaddrinfo(3). */
    GETADDRINFO("names from getaddrinfo(3)", Via.DAEMON, Via.HELPER, Via.PTRACE),
    /** Server connections that no process has accepted. */
    UNACCEPTED("connections that no process has accepted", Via.PTRACE),
    /** The process that serves a connection, if another one has accepted it. */
    SERVING_PROCESS("which process serves a connection that another one has accepted", Via.PTRACE),
    /** When the local side has closed a connection, if it ends later. */
    CLOSING_TIME("when the local side has closed a connection that ends later", Via.PTRACE),
    /** The counters of a connection that the local side has aborted. */
    ABORTED_COUNTERS("bytes and round-trip time of a connection that the local side has aborted", Via.PTRACE),
    /** Ends of connections in a network namespace other than that of the JVM. */
    OTHER_NETWORKS("ends of connections in other network namespaces", Via.PTRACE),
    /** The peak memory of a process one of whose children has used more. */
    PEAK_OF_PARENTS("peak memory of a process that has a larger child", Via.PTRACE),
    /** Programs of other users keep the privileges of their set-uid bit or file capabilities. */
    SET_UID("programs with a set-uid bit or file capabilities gain their privileges", Via.PTRACE),
    /** Debuggers and strace can be used on traced processes. */
    NESTED_DEBUGGERS("strace and gdb work on traced processes", Via.PTRACE);

    private final String text;
    private final Set<Via> lacking;

    Feature(String text, Via... lacking) {
        this.text = text;
        this.lacking = Set.of(lacking);
    }

    /** What it is, in words. */
    public String text() {
        return text;
    }

    /** Whether traces of that kind have it. */
    public boolean isIn(Via via) {
        return !lacking.contains(via);
    }

    /** What traces of that kind lack. */
    public static List<Feature> missingIn(Via via) {
        return Arrays.stream(values()).filter(feature -> !feature.isIn(via)).toList();
    }
}
