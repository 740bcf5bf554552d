package io.schedtrace.lab;

import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.internal.decode.RecordDecoder;
import io.schedtrace.internal.record.TraceRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes one record as the kernel side does, by the offsets of {@link RecordLayout}. */
public final class RecordWriter {
    /** The size of a memory page that records are decoded with. */
    public static final int PAGE_SIZE = 4096;

    private final ByteBuffer bytes;

    private RecordWriter(int size) {
        bytes = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    /** A record of that type with a header that says 1, 2, 3, ... in each field from the session on. */
    public static RecordWriter of(int type, int size) {
        return new RecordWriter(size)
                .u32(RecordLayout.Header.SIZE, size)
                .u16(RecordLayout.Header.TYPE, type)
                .u64(RecordLayout.Header.SESSION, 1)
                .u64(RecordLayout.Header.SEQUENCE, 2)
                .u64(RecordLayout.Header.TIME, 3)
                .u64(RecordLayout.Header.PROCESS, 4)
                .u32(RecordLayout.Header.HOST_PID, 5)
                .u32(RecordLayout.Header.PID, 6);
    }

    /** An exec record of {@code /bin/ls}, given as {@code ./ls}, with that block. */
    public static RecordWriter exec(int argsLength, int envLength, byte[] block) {
        return of(RecordLayout.Type.PROCESS_EXEC, RecordLayout.ProcessExec.SIZEOF + block.length)
                .u32(RecordLayout.ProcessExec.ARGS_LEN, argsLength)
                .u32(RecordLayout.ProcessExec.ENV_LEN, envLength)
                .u32(RecordLayout.ProcessExec.DATA_LEN, block.length)
                .u32(RecordLayout.ProcessExec.NUMBER, 1)
                .text(RecordLayout.ProcessExec.COMM, "ls")
                .u32(RecordLayout.ProcessExec.PATHS_FILENAME_LEN, 5)
                .u32(RecordLayout.ProcessExec.PATHS_PATH_LEN, 7)
                .text(RecordLayout.ProcessExec.PATHS_BYTES, "./ls\0ls\0bin\0")
                .raw(RecordLayout.ProcessExec.DATA, block);
    }

    public RecordWriter u16(int at, int value) {
        bytes.putShort(at, (short) value);
        return this;
    }

    public RecordWriter u32(int at, int value) {
        bytes.putInt(at, value);
        return this;
    }

    public RecordWriter u64(int at, long value) {
        bytes.putLong(at, value);
        return this;
    }

    public RecordWriter text(int at, String text) {
        return raw(at, text.getBytes(StandardCharsets.UTF_8));
    }

    public RecordWriter raw(int at, byte[] value) {
        bytes.put(at, value);
        return this;
    }

    public byte[] bytes() {
        return bytes.array();
    }

    /** Decodes it from the middle of a larger buffer, as in the ring. */
    public TraceRecord decode() {
        return decode(bytes.array());
    }

    public static TraceRecord decode(byte[] record) {
        ByteBuffer ring = ByteBuffer.allocate(record.length + 64).order(ByteOrder.nativeOrder());
        ring.put(24, record);
        return new RecordDecoder(PAGE_SIZE).decode(ring, 24, record.length);
    }
}
