package io.schedtrace.internal.decode;

import static io.schedtrace.bpf.RecordLayout.ADDRESS_LENGTH;
import static io.schedtrace.bpf.RecordLayout.COMM_LENGTH;
import static io.schedtrace.bpf.RecordLayout.CONNECTION_CLOSING;
import static io.schedtrace.bpf.RecordLayout.CONNECTION_END;
import static io.schedtrace.bpf.RecordLayout.CONNECTION_ESTABLISHED;
import static io.schedtrace.bpf.RecordLayout.CONNECTION_OPEN;
import static io.schedtrace.bpf.RecordLayout.DATA_BYTES;
import static io.schedtrace.bpf.RecordLayout.DATA_EXEC;
import static io.schedtrace.bpf.RecordLayout.DATA_LENGTH;
import static io.schedtrace.bpf.RecordLayout.DATA_OFFSET;
import static io.schedtrace.bpf.RecordLayout.DATA_SIZE;
import static io.schedtrace.bpf.RecordLayout.DNS_ANSWER;
import static io.schedtrace.bpf.RecordLayout.DNS_BYTES;
import static io.schedtrace.bpf.RecordLayout.DNS_LENGTH;
import static io.schedtrace.bpf.RecordLayout.DNS_SIZE;
import static io.schedtrace.bpf.RecordLayout.END_COMM;
import static io.schedtrace.bpf.RecordLayout.END_CPU_TIME;
import static io.schedtrace.bpf.RecordLayout.END_EXECS;
import static io.schedtrace.bpf.RecordLayout.END_GID;
import static io.schedtrace.bpf.RecordLayout.END_MAX_RSS;
import static io.schedtrace.bpf.RecordLayout.END_PARENT;
import static io.schedtrace.bpf.RecordLayout.END_PPID;
import static io.schedtrace.bpf.RecordLayout.END_SIZE;
import static io.schedtrace.bpf.RecordLayout.END_START;
import static io.schedtrace.bpf.RecordLayout.END_STATUS;
import static io.schedtrace.bpf.RecordLayout.END_THREADS;
import static io.schedtrace.bpf.RecordLayout.END_UID;
import static io.schedtrace.bpf.RecordLayout.EXEC_ARGS_LEN;
import static io.schedtrace.bpf.RecordLayout.EXEC_BYTES;
import static io.schedtrace.bpf.RecordLayout.EXEC_BYTES_LEN;
import static io.schedtrace.bpf.RecordLayout.EXEC_COMM;
import static io.schedtrace.bpf.RecordLayout.EXEC_DATA;
import static io.schedtrace.bpf.RecordLayout.EXEC_ENV_LEN;
import static io.schedtrace.bpf.RecordLayout.EXEC_FILENAME_LEN;
import static io.schedtrace.bpf.RecordLayout.EXEC_GID;
import static io.schedtrace.bpf.RecordLayout.EXEC_NUMBER;
import static io.schedtrace.bpf.RecordLayout.EXEC_PARENT;
import static io.schedtrace.bpf.RecordLayout.EXEC_PATHS;
import static io.schedtrace.bpf.RecordLayout.EXEC_PATH_LEN;
import static io.schedtrace.bpf.RecordLayout.EXEC_SIZE;
import static io.schedtrace.bpf.RecordLayout.EXEC_UID;
import static io.schedtrace.bpf.RecordLayout.HEADER_FLAGS;
import static io.schedtrace.bpf.RecordLayout.HEADER_HOST_PID;
import static io.schedtrace.bpf.RecordLayout.HEADER_LENGTH;
import static io.schedtrace.bpf.RecordLayout.HEADER_PID;
import static io.schedtrace.bpf.RecordLayout.HEADER_PROCESS;
import static io.schedtrace.bpf.RecordLayout.HEADER_SEQUENCE;
import static io.schedtrace.bpf.RecordLayout.HEADER_SESSION;
import static io.schedtrace.bpf.RecordLayout.HEADER_SIZE;
import static io.schedtrace.bpf.RecordLayout.HEADER_TIME;
import static io.schedtrace.bpf.RecordLayout.HEADER_TYPE;
import static io.schedtrace.bpf.RecordLayout.NAME_RESOLVED;
import static io.schedtrace.bpf.RecordLayout.PROCESS_END;
import static io.schedtrace.bpf.RecordLayout.PROCESS_EXEC;
import static io.schedtrace.bpf.RecordLayout.PROCESS_START;
import static io.schedtrace.bpf.RecordLayout.RESOLVED_ADDRESSES;
import static io.schedtrace.bpf.RecordLayout.RESOLVED_COUNT;
import static io.schedtrace.bpf.RecordLayout.RESOLVED_NAME;
import static io.schedtrace.bpf.RecordLayout.RESOLVED_NAME_LEN;
import static io.schedtrace.bpf.RecordLayout.RESOLVED_SIZE;
import static io.schedtrace.bpf.RecordLayout.START_COMM;
import static io.schedtrace.bpf.RecordLayout.START_GID;
import static io.schedtrace.bpf.RecordLayout.START_PARENT;
import static io.schedtrace.bpf.RecordLayout.START_PPID;
import static io.schedtrace.bpf.RecordLayout.START_SIZE;
import static io.schedtrace.bpf.RecordLayout.START_SPAN;
import static io.schedtrace.bpf.RecordLayout.START_TRACER_PID;
import static io.schedtrace.bpf.RecordLayout.START_UID;
import static io.schedtrace.bpf.RecordLayout.TCP_BYTES_RECEIVED;
import static io.schedtrace.bpf.RecordLayout.TCP_BYTES_SENT;
import static io.schedtrace.bpf.RecordLayout.TCP_CLOSING;
import static io.schedtrace.bpf.RecordLayout.TCP_ERROR;
import static io.schedtrace.bpf.RecordLayout.TCP_ESTABLISHED;
import static io.schedtrace.bpf.RecordLayout.TCP_ID;
import static io.schedtrace.bpf.RecordLayout.TCP_LOCAL;
import static io.schedtrace.bpf.RecordLayout.TCP_LOCAL_PORT;
import static io.schedtrace.bpf.RecordLayout.TCP_NETNS;
import static io.schedtrace.bpf.RecordLayout.TCP_PEER;
import static io.schedtrace.bpf.RecordLayout.TCP_PEER_PORT;
import static io.schedtrace.bpf.RecordLayout.TCP_RETRANSMITS;
import static io.schedtrace.bpf.RecordLayout.TCP_RTT;
import static io.schedtrace.bpf.RecordLayout.TCP_SIZE;
import static io.schedtrace.bpf.RecordLayout.TCP_START;
import static io.schedtrace.bpf.RecordLayout.TCP_STATE;

import io.schedtrace.internal.record.KernelRecord;
import io.schedtrace.internal.record.KernelRecord.Header;
import io.schedtrace.internal.text.RawText;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads records. Not for several threads at once.
 *
 * <p>Most programs have the environment of the one before them: while that one is in use, it is not copied again. Nor are
 * names of programs that came lately.
 */
public final class RecordDecoder {
    private static final byte[] NONE = {};

    private final Recent<String> comms = new Recent<>(RecordDecoder::comm);
    private final Recent<Program> programs = new Recent<>(RecordDecoder::program);
    private WeakReference<byte[]> environment = new WeakReference<>(NONE);

    private record Program(String filename, String path) {}

    /**
     * Reads one record.
     *
     * @param ring holds it, in native byte order
     * @param offset where it begins
     * @param length how many bytes there are
     * @throws MalformedRecordException if it is none
     */
    public KernelRecord decode(ByteBuffer ring, int offset, int length) {
        require(length >= HEADER_SIZE, "no room for a header", length);
        int size = ring.getInt(offset + HEADER_LENGTH);
        require(size >= HEADER_SIZE && size <= length, "a size beyond the record", size);
        Header header = new Header(
                ring.getShort(offset + HEADER_TYPE),
                ring.getShort(offset + HEADER_FLAGS),
                ring.getLong(offset + HEADER_SESSION),
                ring.getLong(offset + HEADER_SEQUENCE),
                ring.getLong(offset + HEADER_TIME),
                ring.getLong(offset + HEADER_PROCESS),
                Integer.toUnsignedLong(ring.getInt(offset + HEADER_HOST_PID)),
                Integer.toUnsignedLong(ring.getInt(offset + HEADER_PID)));
        return switch (header.type()) {
            case PROCESS_START -> start(header, ring, offset, size);
            case PROCESS_EXEC -> exec(header, ring, offset, size);
            case EXEC_DATA -> execData(header, ring, offset, size);
            case PROCESS_END -> end(header, ring, offset, size);
            case CONNECTION_OPEN, CONNECTION_ESTABLISHED, CONNECTION_CLOSING, CONNECTION_END ->
                connection(header, ring, offset, size);
            case DNS_ANSWER -> dns(header, ring, offset, size);
            case NAME_RESOLVED -> resolved(header, ring, offset, size);
            default -> throw new MalformedRecordException("unknown record type " + header.type());
        };
    }

    private KernelRecord start(Header header, ByteBuffer ring, int at, int size) {
        require(size >= START_SIZE, "a short start record", size);
        return new KernelRecord.Start(
                header,
                parent(header, ring, at + START_PARENT),
                ring.getLong(at + START_SPAN),
                Integer.toUnsignedLong(ring.getInt(at + START_PPID)),
                Integer.toUnsignedLong(ring.getInt(at + START_TRACER_PID)),
                ring.getInt(at + START_UID),
                ring.getInt(at + START_GID),
                comms.read(ring, at + START_COMM, COMM_LENGTH));
    }

    private KernelRecord exec(Header header, ByteBuffer ring, int at, int size) {
        require(size >= EXEC_SIZE, "a short exec record", size);
        int filename = ring.getInt(at + EXEC_FILENAME_LEN);
        int path = ring.getInt(at + EXEC_PATH_LEN);
        int data = ring.getInt(at + EXEC_BYTES_LEN);
        int args = ring.getInt(at + EXEC_ARGS_LEN);
        int env = ring.getInt(at + EXEC_ENV_LEN);
        require(
                filename >= 0
                        && path >= 0
                        && (long) filename + path <= EXEC_BYTES - EXEC_PATHS
                        && data >= 0
                        && data <= size - EXEC_SIZE,
                "an exec record longer than itself",
                size);
        require(args >= 0 && env >= 0, "an exec record with a negative length", size);
        Program program = programs.read(ring, at + EXEC_FILENAME_LEN, EXEC_PATHS - EXEC_FILENAME_LEN + filename + path);
        return new KernelRecord.Exec(
                header,
                parent(header, ring, at + EXEC_PARENT),
                ring.getInt(at + EXEC_UID),
                ring.getInt(at + EXEC_GID),
                comms.read(ring, at + EXEC_COMM, COMM_LENGTH),
                program.filename,
                program.path,
                ring.getInt(at + EXEC_NUMBER),
                args,
                env,
                bytes(ring, at + EXEC_BYTES, Math.min(args, data)),
                environment(ring, at + EXEC_BYTES + args, data - args));
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

    /** Processes are numbered in the order of their forks, so that none is its own ancestor. */
    private static long parent(Header header, ByteBuffer ring, int at) {
        long parent = ring.getLong(at);
        require(Long.compareUnsigned(parent, header.process()) < 0, "a process before its parent", (int) parent);
        return parent;
    }

    private static KernelRecord execData(Header header, ByteBuffer ring, int at, int size) {
        require(size >= DATA_SIZE, "a short exec data record", size);
        int length = ring.getInt(at + DATA_LENGTH);
        require(length >= 0 && length <= size - DATA_SIZE, "an exec data record longer than itself", length);
        return new KernelRecord.ExecData(
                header,
                ring.getLong(at + DATA_EXEC),
                ring.getInt(at + DATA_OFFSET),
                bytes(ring, at + DATA_BYTES, length));
    }

    private KernelRecord end(Header header, ByteBuffer ring, int at, int size) {
        require(size >= END_SIZE, "a short end record", size);
        return new KernelRecord.End(
                header,
                parent(header, ring, at + END_PARENT),
                ring.getLong(at + END_START),
                ring.getLong(at + END_CPU_TIME),
                ring.getLong(at + END_MAX_RSS),
                ring.getInt(at + END_STATUS),
                ring.getInt(at + END_EXECS),
                ring.getInt(at + END_THREADS),
                ring.getInt(at + END_UID),
                ring.getInt(at + END_GID),
                Integer.toUnsignedLong(ring.getInt(at + END_PPID)),
                comms.read(ring, at + END_COMM, COMM_LENGTH));
    }

    private static KernelRecord connection(Header header, ByteBuffer ring, int at, int size) {
        require(size >= TCP_SIZE, "a short connection record", size);
        return new KernelRecord.Connection(
                header,
                ring.getLong(at + TCP_ID),
                ring.getLong(at + TCP_START),
                ring.getLong(at + TCP_ESTABLISHED),
                ring.getLong(at + TCP_CLOSING),
                ring.getLong(at + TCP_BYTES_SENT),
                ring.getLong(at + TCP_BYTES_RECEIVED),
                ring.getInt(at + TCP_RTT),
                ring.getInt(at + TCP_RETRANSMITS),
                ring.getInt(at + TCP_ERROR),
                ring.getInt(at + TCP_NETNS),
                ring.getShort(at + TCP_STATE),
                socketAddress(ring, at + TCP_LOCAL, at + TCP_LOCAL_PORT),
                socketAddress(ring, at + TCP_PEER, at + TCP_PEER_PORT));
    }

    private static KernelRecord dns(Header header, ByteBuffer ring, int at, int size) {
        require(size >= DNS_SIZE, "a short dns record", size);
        int length = ring.getInt(at + DNS_LENGTH);
        require(length >= 0 && length <= size - DNS_SIZE, "a dns record longer than itself", length);
        return new KernelRecord.DnsAnswer(header, bytes(ring, at + DNS_BYTES, length));
    }

    private static KernelRecord resolved(Header header, ByteBuffer ring, int at, int size) {
        require(size >= RESOLVED_SIZE, "a short name record", size);
        int length = ring.getInt(at + RESOLVED_NAME_LEN);
        int count = ring.getInt(at + RESOLVED_COUNT);
        require(length >= 0 && length <= RESOLVED_ADDRESSES - RESOLVED_NAME, "a name longer than its field", length);
        require(count >= 0 && count <= (RESOLVED_SIZE - RESOLVED_ADDRESSES) / ADDRESS_LENGTH, "addresses", count);
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            addresses.add(address(ring, at + RESOLVED_ADDRESSES + i * ADDRESS_LENGTH));
        }
        String name = RawText.decode(bytes(ring, at + RESOLVED_NAME, length), 0, length);
        return new KernelRecord.Resolved(header, name, List.copyOf(addresses));
    }

    private static InetSocketAddress socketAddress(ByteBuffer ring, int address, int port) {
        return new InetSocketAddress(address(ring, address), Short.toUnsignedInt(ring.getShort(port)));
    }

    private static InetAddress address(ByteBuffer ring, int at) {
        try {
            return InetAddress.getByAddress(bytes(ring, at, ADDRESS_LENGTH));
        } catch (UnknownHostException e) {
            throw new AssertionError("16 bytes are an address", e);
        }
    }

    private static String comm(byte[] bytes) {
        int length = 0;
        while (length < COMM_LENGTH && bytes[length] != 0) {
            length++;
        }
        return RawText.decode(bytes, 0, length);
    }

    /** Of the length of the filename, that of the path, and both. */
    private static Program program(byte[] paths) {
        int from = EXEC_PATHS - EXEC_FILENAME_LEN;
        int filename = ByteBuffer.wrap(paths).order(ByteOrder.nativeOrder()).getInt(0);
        return new Program(
                RawText.decode(paths, from, from + Math.max(0, filename - 1)), RawText.path(paths, from + filename));
    }

    private static byte[] bytes(ByteBuffer ring, int at, int length) {
        byte[] bytes = new byte[length];
        ring.get(at, bytes);
        return bytes;
    }

    private static void require(boolean condition, String what, int value) {
        if (!condition) {
            throw new MalformedRecordException(what + ": " + value);
        }
    }
}
