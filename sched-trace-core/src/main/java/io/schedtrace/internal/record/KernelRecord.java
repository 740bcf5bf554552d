package io.schedtrace.internal.record;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** One record of the ring, see {@link io.schedtrace.bpf.RecordLayout}. Times are CLOCK_MONOTONIC nanoseconds. */
public sealed interface KernelRecord {
    /** What all records begin with. */
    Header header();

    /**
     * What all records begin with.
     *
     * @param type the record's type
     * @param flags the record's flags
     * @param session the session that it belongs to
     * @param sequence its number in the session, from 1; lost records leave gaps
     * @param time when it happened
     * @param process the process that it is about; 0 is the tracing JVM
     * @param hostPid its id in the initial pid namespace
     * @param pid its id in its innermost pid namespace
     */
    record Header(int type, int flags, long session, long sequence, long time, long process, long hostPid, long pid) {
        /** Whether that flag is set. */
        public boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    /**
     * A process was forked.
     *
     * @param parent the process that forked it
     * @param span the span id chosen for it; 0 = none
     * @param ppid the parent's id in the pid namespace of the process
     * @param tracerPid its id in the pid namespace of this JVM
     */
    record Start(Header header, long parent, long span, long ppid, long tracerPid, int uid, int gid, String comm)
            implements KernelRecord {}

    /**
     * A process has begun a program.
     *
     * @param filename the path given to execve(2)
     * @param path the absolute path of the program file
     * @param number counts the execs of the process from 1
     * @param argsLength the length of the arguments in the block
     * @param envLength the length of the environment behind them
     * @param arguments the beginning of the block, as far as it is arguments
     * @param environment what comes behind them; records may share one
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Exec(
            Header header,
            long parent,
            int uid,
            int gid,
            String comm,
            String filename,
            String path,
            int number,
            int argsLength,
            int envLength,
            byte[] arguments,
            byte[] environment)
            implements KernelRecord {}

    /**
     * More of the block of an exec.
     *
     * @param exec the sequence of the exec record
     * @param offset where in the block
     * @param data the bytes
     */
    @SuppressWarnings("ArrayRecordComponent")
    record ExecData(Header header, long exec, int offset, byte[] data) implements KernelRecord {}

    /**
     * The last thread of a process has ended.
     *
     * @param parent the process that forked it
     * @param start when it was forked
     * @param cpuNanos its CPU time
     * @param maxRssPages its peak resident set
     * @param status as waitpid(2) yields it
     * @param execs how many programs it began
     * @param threads how many threads it has had since
     */
    record End(
            Header header,
            long parent,
            long start,
            long cpuNanos,
            long maxRssPages,
            int status,
            int execs,
            int threads,
            int uid,
            int gid,
            long ppid,
            String comm)
            implements KernelRecord {}

    /**
     * A DNS answer.
     *
     * @param message as on the wire, or the beginning of it
     */
    @SuppressWarnings("ArrayRecordComponent")
    record DnsAnswer(Header header, byte[] message) implements KernelRecord {}

    /**
     * A result of getaddrinfo(3).
     *
     * @param name what was asked for
     * @param addresses what was answered, each once
     */
    record Resolved(Header header, String name, List<InetAddress> addresses) implements KernelRecord {}

    /**
     * A connection has changed; the header's type says how, its process is the owner.
     *
     * @param id the connection
     * @param start when it began
     * @param established when the handshake was done; 0 = not yet
     * @param closing when the local side closed; 0 = not yet
     * @param bytesSent payload sent; from closing on
     * @param bytesReceived payload received; from closing on
     * @param rttMicros smoothed round-trip time; from closing on
     * @param retransmits segments sent again; from closing on
     * @param error the socket's error; 0 = none
     * @param netns the inode number of the network namespace
     * @param state the TCP state before (net/tcp_states.h)
     * @param local this end
     * @param peer the other end
     */
    record Connection(
            Header header,
            long id,
            long start,
            long established,
            long closing,
            long bytesSent,
            long bytesReceived,
            int rttMicros,
            int retransmits,
            int error,
            int netns,
            int state,
            InetSocketAddress local,
            InetSocketAddress peer)
            implements KernelRecord {}
}
