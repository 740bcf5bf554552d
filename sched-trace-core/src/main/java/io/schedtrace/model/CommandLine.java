package io.schedtrace.model;

import io.schedtrace.internal.text.ShellWord;
import java.util.List;

/**
 * The command line of a process for people: shortened, quoted as a shell needs it, without secrets. The exact arguments
 * are {@link ProcessSpan#arguments()}.
 *
 * @param name the name of the program, followed by {@code …} if its filename is truncated, by {@code (fork)} if the
 *     process runs its parent's program, and by {@code (hidden)} if its own is {@linkplain ProcessSpan#hidden() withheld}
 * @param arguments the arguments, each with a blank before it; empty without an exec
 */
public record CommandLine(String name, String arguments) {
    /** Arguments that would make the line longer are counted only. */
    private static final int LONGEST_LINE = 120;

    private static final int LAST_SHEBANG_ARGUMENT = 2;

    static CommandLine of(ProcessSpan process, Redactor redactor) {
        if (process.hidden()) {
            String before = process.name().isEmpty() ? "" : ShellWord.of(redactor.text(process.name())) + " ";
            return new CommandLine(before + "(hidden)", "");
        }
        boolean fork = process.execs().isEmpty();
        return new CommandLine(
                ShellWord.of(redactor.text(process.name()))
                        + (process.filenameTruncated() ? "…" : "")
                        + (fork ? " (fork)" : ""),
                fork ? "" : argumentsOf(process, redactor.arguments(process.arguments())));
    }

    private static String argumentsOf(ProcessSpan process, List<String> arguments) {
        StringBuilder line = new StringBuilder();
        int next = firstArgument(process, process.execs().get(process.execs().size() - 1));
        while (next < arguments.size()) {
            String shown = ShellWord.of(arguments.get(next));
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
            int last = Math.min(LAST_SHEBANG_ARGUMENT, process.arguments().size() - 1);
            for (int i = 1; i <= last; i++) {
                if (process.arguments().get(i).equals(exec.filename())) {
                    return i + 1;
                }
            }
        }
        return 1;
    }

    /** The name and the arguments. */
    @Override
    public String toString() {
        return name + arguments;
    }
}
