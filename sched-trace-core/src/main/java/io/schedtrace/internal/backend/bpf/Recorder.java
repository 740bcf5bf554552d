package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.bpf.SessionTable;
import io.schedtrace.internal.backend.file.RecordFile;
import io.schedtrace.internal.record.RecordType;
import io.schedtrace.internal.record.SystemFacts;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Records a command as a {@link RecordFile}, with a probe of its own. Tests and benchmarks read the files. */
public final class Recorder {
    private static final int RING_BYTES = 64 << 20;

    private Recorder() {}

    /**
     * Runs a command to the end of all its processes and connections.
     *
     * @param span the span id that the command's first record carries
     * @param environment whether the records hold the environment of the processes
     * @throws IOException if the command cannot be started, or records were lost
     * @throws InterruptedException if the thread is interrupted
     */
    public static RecordFile record(List<String> command, long span, boolean environment)
            throws IOException, InterruptedException {
        List<byte[]> records = new ArrayList<>();
        try (KernelProbe probe = KernelProbe.load(RING_BYTES)) {
            SessionTable sessions = probe.sessions();
            long session = sessions.open(environment ? RecordLayout.Setting.WANT_ENVIRONMENT : 0);
            start(probe, session, span, command).waitFor();
            while (sessions.processes(session) + sessions.connections(session) + sessions.listeners(session) > 0) {
                probe.await(10);
            }
            probe.ring().drain((ring, offset, length) -> records.add(copy(ring, offset)), RING_BYTES);
            long made = sessions.made(session);
            sessions.close(session);
            if (made != records.size()) {
                throw new IOException(command + " made " + made + " records, " + records.size() + " of them arrived");
            }
            SystemFacts system = new LiveSystem();
            Map<RecordType, Long> lost = Map.of();
            return new RecordFile(
                    probe.pageSize(), system.wallOffsetNanos(), system.jspawnhelper(), made, lost, 0, records);
        }
    }

    private static Process start(KernelProbe probe, long session, long span, List<String> command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.DISCARD);
        probe.tagLaunch(session, span);
        try {
            return builder.start();
        } finally {
            probe.untag();
        }
    }

    /** The bytes of a record. What an exec does not use of its room for paths held other things before, and is cleared. */
    private static byte[] copy(ByteBuffer ring, int offset) {
        byte[] bytes = new byte[ring.getInt(offset + RecordLayout.Header.SIZE)];
        ring.get(offset, bytes);
        if (ring.getShort(offset + RecordLayout.Header.TYPE) == RecordLayout.Type.PROCESS_EXEC) {
            int used = RecordLayout.ProcessExec.PATHS_BYTES
                    + ring.getInt(offset + RecordLayout.ProcessExec.PATHS_FILENAME_LEN)
                    + ring.getInt(offset + RecordLayout.ProcessExec.PATHS_PATH_LEN);
            Arrays.fill(bytes, used, RecordLayout.ProcessExec.DATA, (byte) 0);
        }
        return bytes;
    }
}
