package io.schedtrace.cli;

import io.schedtrace.bpf.Launcher;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The file, stdout or stderr to which spans are written, in UTF-8. Each call of {@code append} is one write. */
final class SpanOutput implements Appendable, Closeable {
    /** The name of stdout as a file. */
    static final Path STDOUT_NAME = Path.of("-");

    private static final Path STDOUT = Path.of("/proc/self/fd/1");
    private static final Path STDERR = Path.of("/proc/self/fd/2");
    private static final Pattern TERMINAL = Pattern.compile("/dev/(pts/\\d+|tty.*|console|hvc\\d+)");

    private final FileOutputStream out;
    private final boolean terminal;

    private SpanOutput(FileOutputStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * Opens the output.
     *
     * @param file the file, which is overwritten; {@code -} for stdout, null for stderr
     * @throws IOException if the file cannot be written
     */
    static SpanOutput open(@Nullable Path file) throws IOException {
        if (file == null) {
            return new SpanOutput(new FileOutputStream(FileDescriptor.err), isTerminal(file));
        }
        if (Launcher.hasOpenedOutput() || file.equals(STDOUT_NAME)) {
            return new SpanOutput(new FileOutputStream(FileDescriptor.out), isTerminal(STDOUT_NAME));
        }
        return new SpanOutput(new FileOutputStream(file.toFile()), isTerminal(file));
    }

    /** Whether the output is a terminal. */
    boolean terminal() {
        return terminal;
    }

    /** Whether stderr is a terminal that can move the cursor. */
    static boolean stderrIsScreen() {
        return isTerminal(null) && !"dumb".equals(System.getenv("TERM"));
    }

    /** Whether the output is a terminal that shows colours, and {@code NO_COLOR} does not forbid them. */
    boolean colours() {
        String noColour = System.getenv("NO_COLOR");
        return terminal && (noColour == null || noColour.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
    }

    /** Whether a file is a terminal; {@code -} is stdout, null is stderr. */
    static boolean isTerminal(@Nullable Path output) {
        Path file = output == null ? STDERR : output.equals(STDOUT_NAME) ? STDOUT : output;
        try {
            Path real = Files.isSymbolicLink(file) ? Files.readSymbolicLink(file) : file;
            return TERMINAL.matcher(real.toString()).matches();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Appendable append(CharSequence text) throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        return this;
    }

    @Override
    public Appendable append(CharSequence text, int start, int end) throws IOException {
        return append(text.subSequence(start, end));
    }

    @Override
    public Appendable append(char c) throws IOException {
        return append(String.valueOf(c));
    }

    /** Closes the file. Stderr stays open for messages. */
    @Override
    public void close() throws IOException {
        if (out.getFD() != FileDescriptor.err) {
            out.close();
        }
    }
}
