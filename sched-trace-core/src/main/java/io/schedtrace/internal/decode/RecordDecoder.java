package io.schedtrace.internal.decode;

import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.internal.record.Origin;
import io.schedtrace.internal.record.TraceRecord;
import io.schedtrace.internal.record.TraceRecord.Header;
import io.schedtrace.internal.record.TraceRecord.Phase;
import io.schedtrace.internal.text.RawText;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes that record.h describes as records. Not for use by several threads at once.
 *
 * <p>Most programs have the same environment as the one before them; its bytes are not copied again while the earlier copy is
 * in use. The same holds for the names of recent programs and for recent addresses.
 */
public final class RecordDecoder {
    private static final byte[] NONE = {};

    private final int pageSize;
    private final ProgramNames names = new ProgramNames();
    private final ConnectionBytes connections = new ConnectionBytes();
    private Long lastHostPid = 0L;
    private WeakReference<byte[]> environment = new WeakReference<>(NONE);

    /** @param pageSize the size of a memory page in bytes on the machine that makes the records */
    public RecordDecoder(int pageSize) {
        this.pageSize = pageSize;
    }

    /**
     * Reads one record.
     *
     * @param ring holds it, in native byte order
     * @param offset where it begins
     * @param length how many bytes there are
     * @throws MalformedRecordException if the bytes are not a record
     */
    public TraceRecord decode(ByteBuffer ring, int offset, int length) {
        require(length >= RecordLayout.Header.SIZEOF, "no room for a header", length);
        int size = ring.getInt(offset + RecordLayout.Header.SIZE);
        require(size >= RecordLayout.Header.SIZEOF && size <= length, "a size beyond the record", size);
        Header header = new Header(
                ring.getLong(offset + RecordLayout.Header.SESSION),
                ring.getLong(offset + RecordLayout.Header.SEQUENCE),
                ring.getLong(offset + RecordLayout.Header.TIME),
                ring.getLong(offset + RecordLayout.Header.PROCESS),
                hostPid(Integer.toUnsignedLong(ring.getInt(offset + RecordLayout.Header.HOST_PID))),
                Integer.toUnsignedLong(ring.getInt(offset + RecordLayout.Header.PID)));
        short type = ring.getShort(offset + RecordLayout.Header.TYPE);
        return switch (type) {
            case RecordLayout.Type.PROCESS_START -> started(header, ring, offset, size);
            case RecordLayout.Type.PROCESS_EXEC -> executed(header, ring, offset, size);
            case RecordLayout.Type.EXEC_DATA -> execData(header, ring, offset, size);
            case RecordLayout.Type.PROCESS_END -> ended(header, ring, offset, size);
            case RecordLayout.Type.CONNECTION_OPEN -> connection(header, Phase.OPENED, ring, offset, size);
            case RecordLayout.Type.CONNECTION_ESTABLISHED -> connection(header, Phase.ESTABLISHED, ring, offset, size);
            case RecordLayout.Type.CONNECTION_CLOSING -> connection(header, Phase.CLOSING, ring, offset, size);
            case RecordLayout.Type.CONNECTION_END -> connection(header, Phase.ENDED, ring, offset, size);
            case RecordLayout.Type.LISTEN_START -> listener(header, false, ring, offset, size);
            case RecordLayout.Type.LISTEN_END -> listener(header, true, ring, offset, size);
            case RecordLayout.Type.DNS_ANSWER -> dnsAnswer(header, ring, offset, size);
            case RecordLayout.Type.NAME_RESOLVED -> nameResolved(header, ring, offset, size);
            default -> throw new MalformedRecordException("unknown record type " + type);
        };
    }

    /** Most records are about the process of the one before, so that its id need not be boxed again. */
    private Long hostPid(long pid) {
        if (lastHostPid != pid) {
            lastHostPid = pid;
        }
        return lastHostPid;
    }

    private TraceRecord started(Header header, ByteBuffer ring, int at, int size) {
        require(size >= RecordLayout.ProcessStart.SIZEOF, "a short start record", size);
        long span = ring.getLong(at + RecordLayout.ProcessStart.SPAN);
        return new TraceRecord.Started(
                header,
                origin(header, ring, at, ring.getLong(at + RecordLayout.ProcessStart.PARENT), span == 0 ? null : span),
                pid(ring, at + RecordLayout.ProcessStart.PPID),
                pid(ring, at + RecordLayout.ProcessStart.TRACER_PID),
                ring.getInt(at + RecordLayout.ProcessStart.UID),
                ring.getInt(at + RecordLayout.ProcessStart.GID),
                names.comm(ring, at + RecordLayout.ProcessStart.COMM),
                has(ring, at, RecordLayout.Flag.UNTRACKED),
                has(ring, at, RecordLayout.Flag.HIDDEN));
    }

    private TraceRecord executed(Header header, ByteBuffer ring, int at, int size) {
        require(size >= RecordLayout.ProcessExec.SIZEOF, "a short exec record", size);
        int data = ring.getInt(at + RecordLayout.ProcessExec.DATA_LEN);
        int args = ring.getInt(at + RecordLayout.ProcessExec.ARGS_LEN);
        int env = ring.getInt(at + RecordLayout.ProcessExec.ENV_LEN);
        require(data >= 0 && data <= size - RecordLayout.ProcessExec.SIZEOF, "an exec record longer than itself", size);
        require(args >= 0 && env >= 0, "an exec record with a negative length", size);
        ProgramNames.Program program = names.program(ring, at, size);
        return new TraceRecord.Executed(
                header,
                origin(header, ring, at, ring.getLong(at + RecordLayout.ProcessExec.PARENT), null),
                ring.getInt(at + RecordLayout.ProcessExec.UID),
                ring.getInt(at + RecordLayout.ProcessExec.GID),
                names.comm(ring, at + RecordLayout.ProcessExec.COMM),
                program.filename(),
                has(ring, at, RecordLayout.Flag.FILENAME_TRUNCATED),
                has(ring, at, RecordLayout.Flag.PATH_TRUNCATED) ? null : program.path(),
                ring.getInt(at + RecordLayout.ProcessExec.NUMBER),
                args,
                env,
                RecordLayout.Limit.BLOCK,
                bytes(ring, at + RecordLayout.ProcessExec.DATA, Math.min(args, data)),
                environment(ring, at + RecordLayout.ProcessExec.DATA + args, data - args),
                has(ring, at, RecordLayout.Flag.UNREADABLE),
                has(ring, at, RecordLayout.Flag.HIDDEN));
    }

    private byte[] environment(ByteBuffer ring, int at, int length) {
        if (length <= 0) {
            return NONE;
        }
        byte[] last = environment.get();
        if (last != null && ring.slice(at, length).equals(ByteBuffer.wrap(last))) {
            return last;
        }
        byte[] bytes = bytes(ring, at, length);
        environment = new WeakReference<>(bytes);
        return bytes;
    }

    private static TraceRecord execData(Header header, ByteBuffer ring, int at, int size) {
        require(size >= RecordLayout.ExecData.SIZEOF, "a short exec data record", size);
        int length = ring.getInt(at + RecordLayout.ExecData.DATA_LEN);
        require(
                length >= 0 && length <= size - RecordLayout.ExecData.SIZEOF,
                "an exec data record longer than itself",
                length);
        return new TraceRecord.ExecData(
                header,
                ring.getLong(at + RecordLayout.ExecData.EXEC),
                ring.getInt(at + RecordLayout.ExecData.OFFSET),
                bytes(ring, at + RecordLayout.ExecData.DATA, length));
    }

    private TraceRecord ended(Header header, ByteBuffer ring, int at, int size) {
        require(size >= RecordLayout.ProcessEnd.SIZEOF, "a short end record", size);
        return new TraceRecord.Ended(
                header,
                origin(header, ring, at, ring.getLong(at + RecordLayout.ProcessEnd.PARENT), null),
                ring.getLong(at + RecordLayout.ProcessEnd.START),
                ring.getLong(at + RecordLayout.ProcessEnd.CPU_TIME),
                ring.getLong(at + RecordLayout.ProcessEnd.MAX_RSS) * pageSize,
                ring.getInt(at + RecordLayout.ProcessEnd.STATUS),
                ring.getInt(at + RecordLayout.ProcessEnd.EXECS),
                ring.getInt(at + RecordLayout.ProcessEnd.THREADS),
                ring.getInt(at + RecordLayout.ProcessEnd.UID),
                ring.getInt(at + RecordLayout.ProcessEnd.GID),
                pid(ring, at + RecordLayout.ProcessEnd.PPID),
                names.comm(ring, at + RecordLayout.ProcessEnd.COMM),
                has(ring, at, RecordLayout.Flag.LOSSY),
                has(ring, at, RecordLayout.Flag.HIDDEN));
    }

    private TraceRecord connection(Header header, Phase phase, ByteBuffer ring, int at, int size) {
        require(size >= RecordLayout.Connection.SIZEOF, "a short connection record", size);
        return connections.read(header, phase, ring, at);
    }

    private TraceRecord listener(Header header, boolean ended, ByteBuffer ring, int at, int size) {
        require(size >= RecordLayout.Listener.SIZEOF, "a short listener record", size);
        int port = Short.toUnsignedInt(ring.getShort(at + RecordLayout.Listener.PORT));
        return new TraceRecord.ListenerChanged(
                header,
                ended,
                ring.getLong(at + RecordLayout.Listener.LISTENER),
                ring.getLong(at + RecordLayout.Listener.START),
                connections.address(
                        ring, at + RecordLayout.Listener.ADDRESS, ring.getInt(at + RecordLayout.Listener.DEVICE)),
                port == 0 ? null : port,
                has(ring, at, RecordLayout.Flag.LOSSY));
    }

    private static TraceRecord dnsAnswer(Header header, ByteBuffer ring, int at, int size) {
        require(size >= RecordLayout.DnsAnswer.SIZEOF, "a short dns record", size);
        int length = ring.getInt(at + RecordLayout.DnsAnswer.DATA_LEN);
        require(
                length >= 0 && length <= size - RecordLayout.DnsAnswer.SIZEOF,
                "a dns record longer than itself",
                length);
        return new TraceRecord.DnsAnswer(header, bytes(ring, at + RecordLayout.DnsAnswer.DATA, length));
    }

    private TraceRecord nameResolved(Header header, ByteBuffer ring, int at, int size) {
        require(size >= RecordLayout.NameResolved.SIZEOF, "a short name record", size);
        int length = ring.getInt(at + RecordLayout.NameResolved.NAME_LEN);
        int count = ring.getInt(at + RecordLayout.NameResolved.COUNT);
        int room = (RecordLayout.NameResolved.SIZEOF - RecordLayout.NameResolved.ADDRESSES)
                / RecordLayout.Connection.LOCAL_LENGTH;
        require(
                length >= 0 && length <= RecordLayout.NameResolved.ADDRESSES - RecordLayout.NameResolved.NAME,
                "a name longer than its field",
                length);
        require(count >= 0 && count <= room, "addresses", count);
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            int address = at + RecordLayout.NameResolved.ADDRESSES + i * RecordLayout.Connection.LOCAL_LENGTH;
            addresses.add(connections.address(ring, address));
        }
        String name = RawText.decode(bytes(ring, at + RecordLayout.NameResolved.NAME, length), 0, length);
        return new TraceRecord.NameResolved(header, name, List.copyOf(addresses));
    }

    /** Processes are numbered in the order of their forks, so that none is its own ancestor. */
    private static Origin origin(Header header, ByteBuffer ring, int at, long parent, @Nullable Long span) {
        require(Long.compareUnsigned(parent, header.process()) < 0, "a process before its parent", (int) parent);
        if (parent != TraceRecord.THIS_JVM) {
            return new Origin.ForkedBy(parent);
        }
        return has(ring, at, RecordLayout.Flag.LAUNCHED) ? new Origin.Launched(span) : Origin.TEST_THREAD;
    }

    private static boolean has(ByteBuffer ring, int at, int flag) {
        return (ring.getShort(at + RecordLayout.Header.FLAGS) & flag) != 0;
    }

    /** The process id at {@code at}; null where the kernel side found none in the namespace, and wrote 0. */
    private static @Nullable Long pid(ByteBuffer ring, int at) {
        int pid = ring.getInt(at);
        return pid == 0 ? null : Integer.toUnsignedLong(pid);
    }

    static byte[] bytes(ByteBuffer ring, int at, int length) {
        byte[] bytes = new byte[length];
        ring.get(at, bytes);
        return bytes;
    }

    static void require(boolean condition, String what, int value) {
        if (!condition) {
            throw new MalformedRecordException(what + ": " + value);
        }
    }
}
