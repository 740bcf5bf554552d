package io.schedtrace.export;

import io.schedtrace.Exec;
import io.schedtrace.ProcessSpan;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The command line of a process as a person would type it, shortened: the name of the program, then arguments with the
 * quotes that a shell needs. Passwords in URLs are masked.
 */
final class CommandLine {
    /** A longer argument loses its middle. */
    private static final int LONGEST_ARGUMENT = 72;

    private static final int KEPT_OF_THE_END = 24;
    /** Arguments that would make the line longer are counted only. */
    private static final int LONGEST_LINE = 120;

    private static final int LAST_SHEBANG_ARGUMENT = 2;
    private static final Pattern BARE = Pattern.compile("[\\p{L}\\p{M}\\p{N}_@%+=:,./~^-]+");

    private CommandLine() {}

    /** The name of the program; a process that runs its parent's program is a {@code (fork)}. */
    static String name(ProcessSpan process) {
        return argument(process.name()) + (process.execs().isEmpty() ? " (fork)" : "");
    }

    /** The arguments after the name of the program, each with a blank before it; none without an exec. */
    static String arguments(ProcessSpan process) {
        if (process.execs().isEmpty()) {
            return "";
        }
        List<String> arguments = process.arguments();
        StringBuilder line = new StringBuilder();
        int next = firstArgument(process, process.execs().get(process.execs().size() - 1));
        while (next < arguments.size()) {
            String shown = argument(arguments.get(next));
            if (line.length() + shown.length() >= LONGEST_LINE) {
                break;
            }
            line.append(' ').append(shown);
            next++;
        }
        if (next < arguments.size()) {
            line.append(" … +").append(arguments.size() - next);
        }
        return line.append(process.argumentsTruncated() ? " …" : "").toString();
    }

    /** What follows {@code argv[0]}, or, where the kernel has put an interpreter before a script, the script. */
    private static int firstArgument(ProcessSpan process, Exec exec) {
        if (!exec.exe().endsWith("/" + exec.name())) {
            for (int i = 1;
                    i <= LAST_SHEBANG_ARGUMENT && i < process.arguments().size();
                    i++) {
                if (process.arguments().get(i).equals(exec.filename())) {
                    return i + 1;
                }
            }
        }
        return 1;
    }

    /** One argument, quoted so that a shell (with {@code $'...'}) reads the same, and cut in its middle. */
    static String argument(String argument) {
        String shown = shorten(UserInfo.mask(argument));
        if (BARE.matcher(shown).matches()) {
            return shown;
        }
        if (Printable.isPlain(shown) && shown.indexOf('\'') < 0) {
            return "'" + shown + "'";
        }
        StringBuilder out = new StringBuilder("$'");
        Printable.append(out, shown, '\'');
        return out.append('\'').toString();
    }

    private static String shorten(String text) {
        if (text.length() <= LONGEST_ARGUMENT) {
            return text;
        }
        return text.substring(0, boundary(text, LONGEST_ARGUMENT - KEPT_OF_THE_END))
                + "…"
                + text.substring(boundary(text, text.length() - KEPT_OF_THE_END));
    }

    /** {@code index}, or one less where that would part a pair of surrogates. */
    static int boundary(String text, int index) {
        return Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index)) ? index - 1 : index;
    }
}
