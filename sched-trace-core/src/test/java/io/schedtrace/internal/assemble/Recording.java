package io.schedtrace.internal.assemble;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.internal.decode.RecordDecoder;
import io.schedtrace.internal.record.KernelRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The records of one session as text: lines of comment begin with {@code #}, each other one is a record in Base64.
 *
 * <p>{@link #main} makes the one that the tests read again, as root, after {@code mvn test-compile}: with the test class
 * path and {@code src/test/resources/io/schedtrace/assemble/make.records} as its argument.
 */
final class Recording {
    /** A small build: two jobs at a time, one of which talks to a server of its own, and one that fails. */
    static final List<String> COMMAND = List.of(
            "make",
            "-ksj2",
            "--eval=all: list talk fail",
            "--eval=list: ; @ls / | wc -l >/dev/null",
            "--eval=talk: ; @/usr/bin/python3 -I -c \"import socket as s; l = s.create_server(('127.0.0.1', 0));"
                    + " c = s.create_connection(l.getsockname()); a = l.accept()[0]; c.sendall(b'x' * 1000);"
                    + " c.close(); assert a.recv(1000, s.MSG_WAITALL); a.close(); l.close();"
                    + " print(s.socket().connect_ex(('127.0.0.1', 1)))\" >/dev/null",
            "--eval=fail: ; @exit 3");

    private Recording() {}

    /** Runs {@link #COMMAND} on the real kernel, and returns its records. */
    static List<byte[]> record() throws IOException, InterruptedException {
        List<byte[]> records = new ArrayList<>();
        try (KernelProbe probe = KernelProbe.load(1 << 20)) {
            long session = probe.sessions().open(0);
            Process process;
            probe.scope(session, KernelProbe.SCOPE_LAUNCH, 77);
            try {
                process = new ProcessBuilder(COMMAND)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } finally {
                probe.scope(0, KernelProbe.SCOPE_LEAVE, 0);
            }
            process.waitFor();
            while (probe.sessions().processes(session) > 0 || probe.sessions().connections(session) > 0) {
                probe.await(10);
            }
            probe.ring().drain((ring, offset, length) -> records.add(copy(ring, offset)), 1 << 20);
            probe.sessions().close(session);
        }
        return records;
    }

    /** What an exec record does not use of its room for paths is what was there before, and nobody's business. */
    private static byte[] copy(ByteBuffer ring, int offset) {
        byte[] bytes = new byte[ring.getInt(offset + RecordLayout.HEADER_LENGTH)];
        ring.get(offset, bytes);
        if (ring.getShort(offset + RecordLayout.HEADER_TYPE) == RecordLayout.PROCESS_EXEC) {
            int used = RecordLayout.EXEC_PATHS
                    + ring.getInt(offset + RecordLayout.EXEC_FILENAME_LEN)
                    + ring.getInt(offset + RecordLayout.EXEC_PATH_LEN);
            java.util.Arrays.fill(bytes, used, RecordLayout.EXEC_BYTES, (byte) 0);
        }
        return bytes;
    }

    /** Reads the recording that the tests have. */
    static List<byte[]> read() throws IOException {
        try (var in = Recording.class.getResourceAsStream("make.records")) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Base64.getDecoder()::decode)
                    .toList();
        }
    }

    static KernelRecord decode(byte[] record) {
        return new RecordDecoder().decode(ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN), 0, record.length);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>(List.of(
                "# The records of a make with three targets, as Recording.java makes them: one a line, Base64 of the",
                "# bytes that record.h describes, little-endian."));
        record().forEach(record -> lines.add(Base64.getEncoder().encodeToString(record)));
        Files.write(Path.of(arguments[0]), lines);
    }
}
