package io.schedtrace.bench;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.RecordConsumer;
import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.bpf.RingReader;
import io.schedtrace.bpf.SessionTable;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What the kernel side records of a command, as a ring that can be read again and again. */
final class RecordedRing {
    private static final int SIZE = 64 << 20;
    private static final int HEADER = 8;
    private static final int PAGE = 4096;

    private final ByteBuffer data = ByteBuffer.allocateDirect(2 * SIZE).order(ByteOrder.nativeOrder());
    private final ByteBuffer consumer = ByteBuffer.allocateDirect(PAGE).order(ByteOrder.nativeOrder());
    private final ByteBuffer producer = ByteBuffer.allocateDirect(PAGE).order(ByteOrder.nativeOrder());
    private int records;

    private RecordedRing() {}

    /** Runs the command on the real kernel. */
    static RecordedRing of(List<String> command) throws IOException, InterruptedException {
        RecordedRing recorded = new RecordedRing();
        try (KernelProbe probe = KernelProbe.load(SIZE)) {
            SessionTable sessions = probe.sessions();
            long session = sessions.open(RecordLayout.Setting.WANT_ENVIRONMENT);
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT);
            Process process;
            probe.tagLaunch(session, 1);
            try {
                process = builder.start();
            } finally {
                probe.untag();
            }
            if (process.waitFor() != 0) {
                throw new IOException(command + " failed: exit " + process.exitValue());
            }
            while (sessions.processes(session) > 0 || sessions.connections(session) > 0) {
                probe.await(10);
            }
            probe.ring().drain(recorded::add, SIZE);
            if (sessions.made(session) != recorded.records) {
                throw new IOException(command + " made " + sessions.made(session) + " records, " + recorded.records
                        + " of them arrived");
            }
            sessions.close(session);
        }
        return recorded;
    }

    private void add(ByteBuffer ring, int offset, int length) {
        int at = (int) producer.getLong(0);
        data.putInt(at, length);
        data.put(at + HEADER, ring, offset, length);
        producer.putLong(0, (at + HEADER + length + 7L) & ~7L);
        records++;
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
