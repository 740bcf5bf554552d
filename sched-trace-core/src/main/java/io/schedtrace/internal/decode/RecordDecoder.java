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
 * in use. The same holds for the names of recent programs.
 */
public final class RecordDecoder {
    private static final byte[] NONE = {};

    private final int pageSize;
    private final ProgramNames names = new ProgramNames();
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
        require(length >= RecordLayout.HEADER_SIZE, "no room for a header", length);
        int size = ring.getInt(offset + RecordLayout.HEADER_LENGTH);
        require(size >= RecordLayout.HEADER_SIZE && size <= length, "a size beyond the record", size);
        Header header = new Header(
                ring.getLong(offset + RecordLayout.HEADER_SESSION),
                ring.getLong(offset + RecordLayout.HEADER_SEQUENCE),
                ring.getLong(offset + RecordLayout.HEADER_TIME),
                ring.getLong(offset + RecordLayout.HEADER_PROCESS),
                Integer.toUnsignedLong(ring.getInt(offset + RecordLayout.HEADER_HOST_PID)),
                Integer.toUnsignedLong(ring.getInt(offset + RecordLayout.HEADER_PID)));
        short type = ring.getShort(offset + RecordLayout.HEADER_TYPE);
        return switch (type) {
            case RecordLayout.PROCESS_START -> started(header, ring, offset, size);
            case RecordLayout.PROCESS_EXEC -> executed(header, ring, offset, size);
            case RecordLayout.EXEC_DATA -> execData(header, ring, offset, size);
            case RecordLayout.PROCESS_END -> ended(header, ring, offset, size);
            case RecordLayout.CONNECTION_OPEN -> connection(header, Phase.OPENED, ring, offset, size);
            case RecordLayout.CONNECTION_ESTABLISHED -> connection(header, Phase.ESTABLISHED, ring, offset, size);
            case RecordLayout.CONNECTION_CLOSING -> connection(header, Phase.CLOSING, ring, offset, size);
            case RecordLayout.CONNECTION_END -> connection(header, Phase.ENDED, ring, offset, size);
            case RecordLayout.DNS_ANSWER -> dnsAnswer(header, ring, offset, size);
            case RecordLayout.NAME_RESOLVED -> nameResolved(header, ring, offset, size);
            default -> throw new MalformedRecordException("unknown record type " + type);
        };
    }

    private TraceRecord started(Header header, ByteBuffer ring, int at, int size) {
        require(size >= RecordLayout.START_SIZE, "a short start record", size);
        long span = ring.getLong(at + RecordLayout.START_SPAN);
        return new TraceRecord.Started(
                header,
                origin(header, ring, at, ring.getLong(at + RecordLayout.START_PARENT), span == 0 ? null : span),
                pid(ring, at + RecordLayout.START_PPID),
                pid(ring, at + RecordLayout.START_TRACER_PID),
                ring.getInt(at + RecordLayout.START_UID),
                ring.getInt(at + RecordLayout.START_GID),
                names.comm(ring, at + RecordLayout.START_COMM),
                has(ring, at, RecordLayout.UNTRACKED));
    }

    private TraceRecord executed(Header header, ByteBuffer ring, int at, int size) {
        require(size >= RecordLayout.EXEC_SIZE, "a short exec record", size);
        int data = ring.getInt(at + RecordLayout.EXEC_BYTES_LEN);
        int args = ring.getInt(at + RecordLayout.EXEC_ARGS_LEN);
        int env = ring.getInt(at + RecordLayout.EXEC_ENV_LEN);
        require(data >= 0 && data <= size - RecordLayout.EXEC_SIZE, "an exec record longer than itself", size);
        require(args >= 0 && env >= 0, "an exec record with a negative length", size);
        ProgramNames.Program program = names.program(ring, at, size);
        return new TraceRecord.Executed(
                header,
                origin(header, ring, at, ring.getLong(at + RecordLayout.EXEC_PARENT), null),
                ring.getInt(at + RecordLayout.EXEC_UID),
                ring.getInt(at + RecordLayout.EXEC_GID),
                names.comm(ring, at + RecordLayout.EXEC_COMM),
                program.filename(),
                has(ring, at, RecordLayout.PATH_TRUNCATED) ? null : program.path(),
                ring.getInt(at + RecordLayout.EXEC_NUMBER),
                args,
                env,
                bytes(ring, at + RecordLayout.EXEC_BYTES, Math.min(args, data)),
                environment(ring, at + RecordLayout.EXEC_BYTES + args, data - args),
                has(ring, at, RecordLayout.UNREADABLE));
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
        require(size >= RecordLayout.DATA_SIZE, "a short exec data record", size);
        int length = ring.getInt(at + RecordLayout.DATA_LENGTH);
        require(
                length >= 0 && length <= size - RecordLayout.DATA_SIZE,
                "an exec data record longer than itself",
                length);
        return new TraceRecord.ExecData(
                header,
                ring.getLong(at + RecordLayout.DATA_EXEC),
                ring.getInt(at + RecordLayout.DATA_OFFSET),
                bytes(ring, at + RecordLayout.DATA_BYTES, length));
    }

    private TraceRecord ended(Header header, ByteBuffer ring, int at, int size) {
        require(size >= RecordLayout.END_SIZE, "a short end record", size);
        return new TraceRecord.Ended(
                header,
                origin(header, ring, at, ring.getLong(at + RecordLayout.END_PARENT), null),
                ring.getLong(at + RecordLayout.END_START),
                ring.getLong(at + RecordLayout.END_CPU_TIME),
                ring.getLong(at + RecordLayout.END_MAX_RSS) * pageSize,
                ring.getInt(at + RecordLayout.END_STATUS),
                ring.getInt(at + RecordLayout.END_EXECS),
                ring.getInt(at + RecordLayout.END_THREADS),
                ring.getInt(at + RecordLayout.END_UID),
                ring.getInt(at + RecordLayout.END_GID),
                pid(ring, at + RecordLayout.END_PPID),
                names.comm(ring, at + RecordLayout.END_COMM),
                has(ring, at, RecordLayout.LOSSY));
    }

    private static TraceRecord connection(Header header, Phase phase, ByteBuffer ring, int at, int size) {
        require(size >= RecordLayout.TCP_SIZE, "a short connection record", size);
        return ConnectionBytes.read(header, phase, ring, at);
    }

    private static TraceRecord dnsAnswer(Header header, ByteBuffer ring, int at, int size) {
        require(size >= RecordLayout.DNS_SIZE, "a short dns record", size);
        int length = ring.getInt(at + RecordLayout.DNS_LENGTH);
        require(length >= 0 && length <= size - RecordLayout.DNS_SIZE, "a dns record longer than itself", length);
        return new TraceRecord.DnsAnswer(header, bytes(ring, at + RecordLayout.DNS_BYTES, length));
    }

    private static TraceRecord nameResolved(Header header, ByteBuffer ring, int at, int size) {
        require(size >= RecordLayout.RESOLVED_SIZE, "a short name record", size);
        int length = ring.getInt(at + RecordLayout.RESOLVED_NAME_LEN);
        int count = ring.getInt(at + RecordLayout.RESOLVED_COUNT);
        int room = (RecordLayout.RESOLVED_SIZE - RecordLayout.RESOLVED_ADDRESSES) / RecordLayout.ADDRESS_LENGTH;
        require(
                length >= 0 && length <= RecordLayout.RESOLVED_ADDRESSES - RecordLayout.RESOLVED_NAME,
                "a name longer than its field",
                length);
        require(count >= 0 && count <= room, "addresses", count);
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            int address = at + RecordLayout.RESOLVED_ADDRESSES + i * RecordLayout.ADDRESS_LENGTH;
            addresses.add(ConnectionBytes.address(ring, address));
        }
        String name = RawText.decode(bytes(ring, at + RecordLayout.RESOLVED_NAME, length), 0, length);
        return new TraceRecord.NameResolved(header, name, List.copyOf(addresses));
    }

    /** Processes are numbered in the order of their forks, so that none is its own ancestor. */
    private static Origin origin(Header header, ByteBuffer ring, int at, long parent, @Nullable Long span) {
        require(Long.compareUnsigned(parent, header.process()) < 0, "a process before its parent", (int) parent);
        if (parent != TraceRecord.THIS_JVM) {
            return new Origin.ForkedBy(parent);
        }
        return span != null || has(ring, at, RecordLayout.LAUNCHED) ? new Origin.Launched(span) : Origin.TEST_THREAD;
    }

    private static boolean has(ByteBuffer ring, int at, int flag) {
        return (ring.getShort(at + RecordLayout.HEADER_FLAGS) & flag) != 0;
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
