package io.schedtrace.bench;

import io.schedtrace.bpf.RecordConsumer;
import io.schedtrace.bpf.RingReader;
import io.schedtrace.internal.backend.file.RecordFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The records of a file as a ring that can be read again and again. */
final class RecordedRing {
    private static final int SIZE = 64 << 20;
    private static final int HEADER = 8;
    private static final int PAGE = 4096;

    private final ByteBuffer data = ByteBuffer.allocateDirect(2 * SIZE).order(ByteOrder.nativeOrder());
    private final ByteBuffer consumer = ByteBuffer.allocateDirect(PAGE).order(ByteOrder.nativeOrder());
    private final ByteBuffer producer = ByteBuffer.allocateDirect(PAGE).order(ByteOrder.nativeOrder());
    private final int records;

    RecordedRing(RecordFile file) {
        records = file.records().size();
        int at = 0;
        for (byte[] record : file.records()) {
            data.putInt(at, record.length);
            data.put(at + HEADER, record);
            at = (at + HEADER + record.length + 7) & ~7;
        }
        producer.putLong(0, at);
    }

    int records() {
        return records;
    }

    /** Reads it from its beginning to its end. */
    void replay(RecordConsumer target) {
        consumer.putLong(0, 0);
        new RingReader(consumer, producer, data).drain(target, SIZE);
    }
}
