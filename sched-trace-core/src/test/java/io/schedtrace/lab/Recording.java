package io.schedtrace.lab;

import io.schedtrace.internal.backend.bpf.Recorder;
import io.schedtrace.internal.backend.file.RecordFile;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A recorded command, for tests that need no kernel.
 *
 * <p>{@link #main} records it again, as root, after {@code mvn test-compile}: with the test class path and {@code
 * src/test/resources/io/schedtrace/lab/make.records} as its argument.
 */
public final class Recording {
    /** A small build: two jobs at a time, one of which talks to a server of its own, and one that fails. */
    public static final List<String> COMMAND = List.of(
            "make",
            "-ksj2",
            "--eval=all: list talk fail",
            "--eval=list: ; @ls / | wc -l >/dev/null",
            "--eval=talk: ; @/usr/bin/python3 -I -c \"import socket as s; l = s.create_server(('127.0.0.1', 0));"
                    + " c = s.create_connection(l.getsockname()); a = l.accept()[0]; c.sendall(b'x' * 1000);"
                    + " c.close(); assert a.recv(1000, s.MSG_WAITALL); a.close(); l.close();"
                    + " print(s.socket().connect_ex(('127.0.0.1', 1)))\" >/dev/null",
            "--eval=fail: ; @exit 3");

    /** The span id of the command. */
    public static final long SPAN = 77;

    private Recording() {}

    /** Runs {@link #COMMAND} on the real kernel. */
    public static RecordFile record() throws IOException, InterruptedException {
        return Recorder.record(COMMAND, SPAN, false);
    }

    /** Reads the recording that the tests have. */
    public static RecordFile read() {
        try (InputStreamReader in =
                new InputStreamReader(Recording.class.getResourceAsStream("make.records"), StandardCharsets.US_ASCII)) {
            return RecordFile.read(in, "make.records");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy of a recording without one of its records, which the file does not know to be lost. */
    public static RecordFile without(RecordFile file, int index) {
        List<byte[]> fewer = new java.util.ArrayList<>(file.records());
        fewer.remove(index);
        return new RecordFile(
                file.pageSize(),
                file.wallOffsetNanos(),
                file.jspawnhelper(),
                file.made(),
                file.lost(),
                file.untracked(),
                fewer);
    }

    /** Records {@link #COMMAND} into the file that the argument names. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Writer out = Files.newBufferedWriter(Path.of(arguments[0]), StandardCharsets.US_ASCII)) {
            record().write(out);
        }
    }
}
