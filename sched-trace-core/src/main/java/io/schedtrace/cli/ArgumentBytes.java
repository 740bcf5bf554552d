package io.schedtrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds options whose bytes Java cannot read as text, for example the name of a file. The arguments of the command do
 * not get here: the launcher passes them on.
 */
final class ArgumentBytes {
    private static final Path OURS = Path.of("/proc/self/cmdline");
    private static final int JDK_WITH_JNU_ENCODING = 18;

    private ArgumentBytes() {}

    /** Checks the arguments of this JVM's main method; returns the problem and its remedy, or null if there is none. */
    static @Nullable String problem(String[] args) {
        try {
            return problem(args, Files.readAllBytes(OURS), encoding());
        } catch (IOException e) {
            return null;
        }
    }

    static @Nullable String problem(String[] args, byte[] commandLine, Charset encoding) {
        List<byte[]> raw = split(commandLine);
        int before = raw.size() - args.length;
        for (int i = 0; i < args.length && before >= 0; i++) {
            if (!Arrays.equals(args[i].getBytes(encoding), raw.get(before + i))) {
                return "option " + (i + 1) + " cannot be read in this locale's encoding, " + encoding + "; "
                        + (encoding.equals(UTF_8) ? "use names in UTF-8" : "set LC_ALL=C.UTF-8");
            }
        }
        return null;
    }

    /** The encoding of arguments and file names. */
    private static Charset encoding() {
        return Runtime.version().feature() < JDK_WITH_JNU_ENCODING
                ? Charset.defaultCharset()
                : Charset.forName(System.getProperty("sun.jnu.encoding"));
    }

    private static List<byte[]> split(byte[] commandLine) {
        List<byte[]> arguments = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < commandLine.length; i++) {
            if (commandLine[i] == 0) {
                arguments.add(Arrays.copyOfRange(commandLine, from, i));
                from = i + 1;
            }
        }
        return arguments;
    }
}
