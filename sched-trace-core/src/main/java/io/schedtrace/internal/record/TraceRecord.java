package io.schedtrace.internal.record;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to a process of a session, as a backend reports it.
 *
 * <p>Processes and connections have numbers that are unique in their session and never used again. Times are nanoseconds of
 * the kernel's CLOCK_MONOTONIC. What a backend does not know is null.
 */
public sealed interface TraceRecord {
    /** The number that stands for the traced JVM itself. */
    long THIS_JVM = 0;

    /** What all records have. */
    Header header();

    /** Calls the method of {@code handler} that takes this kind of record. */
    void dispatch(Handler handler);

    /** Takes records of each kind. */
    interface Handler {
        /** Takes a fork. */
        void started(Started record);

        /** Takes an exec. */
        void executed(Executed record);

        /** Takes more of an exec. */
        void moreOfExec(ExecData record);

        /** Takes the end of a process. */
        void ended(Ended record);

        /** Takes a change of a connection. */
        void connectionChanged(ConnectionChanged record);

        /** Takes a start or an end of a listener. */
        void listenerChanged(ListenerChanged record);

        /** Takes a DNS answer. */
        void dnsAnswered(DnsAnswer record);

        /** Takes a result of getaddrinfo(3). */
        void nameResolved(NameResolved record);
    }

    /**
     * What all records have.
     *
     * @param session the session that the record belongs to
     * @param sequence its number in the session, from 1; lost records leave gaps
     * @param time when it happened
     * @param process the process that it is about
     * @param hostPid the process id in the initial pid namespace; null if the backend cannot see that
     * @param pid the process id in the innermost pid namespace of the process
     */
    record Header(
            long session,
            long sequence,
            long time,
            long process,
            @Nullable Long hostPid,
            long pid) {}

    /**
     * A process was forked.
     *
     * @param ppid the process id of its parent, in the pid namespace of the process; null if the parent is outside
     * @param tracerPid its process id in the pid namespace of the traced JVM; null if it has none there
     * @param uid the real user id in the initial user namespace
     * @param gid the real group id in the initial user namespace
     * @param comm the kernel's name of the process
     * @param untracked whether the process cannot be followed, so that this is the only record of it
     * @param hidden whether {@code comm} is withheld, and empty therefore
     */
    record Started(
            Header header,
            Origin origin,
            @Nullable Long ppid,
            @Nullable Long tracerPid,
            int uid,
            int gid,
            String comm,
            boolean untracked,
            boolean hidden)
            implements TraceRecord {
        @Override
        public void dispatch(Handler handler) {
            handler.started(this);
        }
    }

    /**
     * A process has begun a program. Arguments and environment are one block of bytes; {@link ExecData} records bring what
     * this one has no room for.
     *
     * @param filename the path that was given to execve(2)
     * @param filenameTruncated whether the end of {@code filename} is missing
     * @param path the absolute path of the program file; null if it is not known
     * @param number counts the execs of the process from 1
     * @param argsLength the length of the arguments in the block
     * @param envLength the length of the environment behind them
     * @param blockLimit how many bytes of the block are reported at most, by this record and those that follow
     * @param arguments the beginning of the block, as far as it is arguments
     * @param environment what follows of the block; records may share one array
     * @param unreadable whether arguments or environment could not be read, so that nothing more of them will come
     * @param hidden whether the program is withheld: names, path, arguments and environment are empty therefore
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Executed(
            Header header,
            Origin origin,
            int uid,
            int gid,
            String comm,
            String filename,
            boolean filenameTruncated,
            @Nullable String path,
            int number,
            int argsLength,
            int envLength,
            int blockLimit,
            byte[] arguments,
            byte[] environment,
            boolean unreadable,
            boolean hidden)
            implements TraceRecord {
        @Override
        public void dispatch(Handler handler) {
            handler.executed(this);
        }
    }

    /**
     * More of the block of an exec.
     *
     * @param exec the sequence of the exec record
     * @param offset where in the block the bytes stand
     * @param data the bytes; none if they could not be read
     */
    @SuppressWarnings("ArrayRecordComponent")
    record ExecData(Header header, long exec, int offset, byte[] data) implements TraceRecord {
        @Override
        public void dispatch(Handler handler) {
            handler.moreOfExec(this);
        }
    }

    /**
     * The last thread of a process has ended.
     *
     * @param start when the process was forked
     * @param cpuNanos the CPU time of all its threads
     * @param maxRssBytes its peak resident set size
     * @param waitStatus the status that waitpid(2) yields
     * @param execs how many programs it has begun
     * @param threads how many threads it has had since the last of them; null if the backend does not count them
     * @param ppid as in {@link Started}
     * @param lossy whether an earlier record of the process was lost
     * @param hidden as in {@link Started}
     */
    record Ended(
            Header header,
            Origin origin,
            long start,
            long cpuNanos,
            long maxRssBytes,
            int waitStatus,
            int execs,
            @Nullable Integer threads,
            int uid,
            int gid,
            @Nullable Long ppid,
            String comm,
            boolean lossy,
            boolean hidden)
            implements TraceRecord {
        @Override
        public void dispatch(Handler handler) {
            handler.ended(this);
        }
    }

    /**
     * A connection has changed. Each record of a connection has all that is known of it by then; the process of its header is
     * the owner.
     *
     * @param phase what has changed
     * @param id the connection
     * @param server whether this end has accepted the connection
     * @param start when it began
     * @param established when the handshake was done; 0 before
     * @param closing when this side closed it; 0 before
     * @param traffic what went through it; null until this side closes
     * @param end how it ended; null in all phases but the last
     * @param networkNamespace the inode number of the network namespace
     * @param local the address of this end
     * @param peer the address of the other end
     */
    record ConnectionChanged(
            Header header,
            Phase phase,
            long id,
            boolean server,
            long start,
            long established,
            long closing,
            @Nullable Traffic traffic,
            @Nullable ConnectionEnd end,
            int networkNamespace,
            InetSocketAddress local,
            InetSocketAddress peer)
            implements TraceRecord {
        /** Whether the handshake is done. */
        public boolean isEstablished() {
            return established != 0;
        }

        /** When the connection ended, else when this side closed it; 0 while it is open. */
        public long endTime() {
            return phase == Phase.ENDED ? header.time() : closing;
        }

        @Override
        public void dispatch(Handler handler) {
            handler.connectionChanged(this);
        }
    }

    /** What a record says of a connection. */
    enum Phase {
        /** It has begun. */
        OPENED,
        /** The handshake of a client is done. */
        ESTABLISHED,
        /** This side has closed it. */
        CLOSING,
        /** The socket has closed. */
        ENDED
    }

    /**
     * What went through a connection.
     *
     * @param bytesSent payload sent, without retransmissions
     * @param bytesReceived payload received in order
     * @param retransmits segments that were sent again
     * @param rtt the kernel's smoothed round-trip time; null if it has no sample
     */
    record Traffic(
            long bytesSent,
            long bytesReceived,
            int retransmits,
            @Nullable Duration rtt) {}

    /**
     * How a connection ended.
     *
     * @param error the error number of the socket, errno(3); null if there was none
     * @param aborted whether this side ended it with RST
     * @param unanswered whether the peer had not answered the SYN
     * @param lossy whether an earlier record of the connection was lost
     */
    record ConnectionEnd(@Nullable Integer error, boolean aborted, boolean unanswered, boolean lossy) {}

    /**
     * A socket has begun to listen, or has stopped. The process of its header has called listen(2).
     *
     * @param ended whether it has stopped
     * @param id the listener
     * @param start when it began
     * @param address the address that it listens on
     * @param port the port; null if the kernel had not chosen one yet
     * @param lossy whether an earlier record of the listener was lost
     */
    record ListenerChanged(
            Header header,
            boolean ended,
            long id,
            long start,
            InetAddress address,
            @Nullable Integer port,
            boolean lossy)
            implements TraceRecord {
        @Override
        public void dispatch(Handler handler) {
            handler.listenerChanged(this);
        }
    }

    /**
     * A process has read a DNS answer.
     *
     * @param message the answer as on the wire, or the beginning of it
     */
    @SuppressWarnings("ArrayRecordComponent")
    record DnsAnswer(Header header, byte[] message) implements TraceRecord {
        @Override
        public void dispatch(Handler handler) {
            handler.dnsAnswered(this);
        }
    }

    /**
     * A call of getaddrinfo(3) has succeeded.
     *
     * @param name the name that was asked for
     * @param addresses the addresses of the answer, each once
     */
    record NameResolved(Header header, String name, List<InetAddress> addresses) implements TraceRecord {
        @Override
        public void dispatch(Handler handler) {
            handler.nameResolved(this);
        }
    }
}
