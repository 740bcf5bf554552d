package io.schedtrace.analysis;

import io.schedtrace.internal.text.ShellWord;
import io.schedtrace.internal.text.ShortHash;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Trace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rules that replace by {@code *} what differs from run to run: in the arguments of processes, and in the names of
 * programs and hosts. {@link #standard()} replaces
 *
 * <ul>
 *   <li>the first name below {@code /tmp}, {@code /var/tmp} or the temporary directory of this JVM, but for its extension:
 *       {@code /tmp/cc8fZ1kq.o} is {@code /tmp/*.o};
 *   <li>numbers that are process ids of the trace, and those in {@code /proc/123};
 *   <li>ports from 32768 on, which the kernel chooses: {@code localhost:45123} is {@code localhost:*};
 *   <li>UUIDs, and hexadecimal numbers of seven or more digits, such as ids of commits;
 *   <li>decimal numbers of nine or more digits, such as times.
 * </ul>
 *
 * <p>Secrets are hidden by {@link Redactor#standard()}. Immutable and safe for use by any thread if the functions are.
 */
public final class Normalizer {
    private static final String ANY = "*";
    private static final int FIRST_EPHEMERAL_PORT = 32_768;
    private static final int SMALLEST_PID = 300;
    private static final int LONGEST_ARGUMENT = 300;
    private static final Pattern PROC = Pattern.compile("/proc/\\d+");
    private static final Pattern PORT = Pattern.compile("(?<=:)\\d{5}(?!\\d)");
    private static final Pattern UUID_TEXT =
            Pattern.compile("(?i)\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b");
    private static final Pattern HEX =
            Pattern.compile("(?<![0-9A-Za-z])(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,}(?![0-9A-Za-z])");
    private static final Pattern LONG_NUMBER = Pattern.compile("(?<!\\d)\\d{9,}(?!\\d)");
    private static final Pattern NUMBER = Pattern.compile("(?<![0-9A-Za-z.])\\d{3,8}(?![0-9A-Za-z])");
    private static final Pattern TEMPORARY = temporary();
    private static final Normalizer STANDARD = new Normalizer(List.of());

    private final List<UnaryOperator<String>> further;

    private Normalizer(List<UnaryOperator<String>> further) {
        this.further = further;
    }

    /** Returns the rules that this class lists. */
    public static Normalizer standard() {
        return STANDARD;
    }

    /**
     * Returns rules that also replace each match of {@code pattern}, in one argument or name, by {@code replacement}.
     */
    public Normalizer and(Pattern pattern, String replacement) {
        List<UnaryOperator<String>> all = new ArrayList<>(further);
        all.add(text -> pattern.matcher(text).replaceAll(replacement));
        return new Normalizer(List.copyOf(all));
    }

    private static Pattern temporary() {
        String own = System.getProperty("java.io.tmpdir", "/tmp").replaceAll("/+$", "");
        return Pattern.compile("(?<![\\w.])(/tmp|/var/tmp|" + Pattern.quote(own)
                + ")/[^/\\s:;,'\"]+?(\\.[A-Za-z]{1,10})?(?=[/\\s:;,'\"]|$)");
    }

    /** The process ids of a trace that may stand in arguments. */
    static Set<String> pids(Trace trace) {
        Set<String> pids = new HashSet<>();
        for (ProcessSpan process : trace.processes()) {
            add(process.pid(), pids);
            if (process.hostPid() != null) {
                add(process.hostPid(), pids);
            }
            if (process.ppid() != null) {
                add(process.ppid(), pids);
            }
        }
        return pids;
    }

    private static void add(long pid, Set<String> pids) {
        if (pid >= SMALLEST_PID) {
            pids.add(Long.toString(pid));
        }
    }

    /** Returns a command line as a shell takes it, without the first argument. */
    String arguments(List<String> arguments, Set<String> pids) {
        StringBuilder line = new StringBuilder();
        List<String> shown = Redactor.standard().arguments(arguments);
        for (String argument : shown.subList(Math.min(1, shown.size()), shown.size())) {
            line.append(' ').append(ShellWord.whole(shorten(text(argument, pids))));
        }
        return line.toString();
    }

    /** Returns a name, quoted if it needs that. */
    String name(String name, Set<String> pids) {
        return ShellWord.whole(text(Redactor.standard().text(name), pids));
    }

    private String text(String text, Set<String> pids) {
        String plain = TEMPORARY
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        match.group(1) + "/" + ANY + (match.group(2) == null ? "" : match.group(2))));
        plain = PROC.matcher(plain).replaceAll("/proc/" + Matcher.quoteReplacement(ANY));
        plain = UUID_TEXT.matcher(plain).replaceAll(ANY);
        plain = HEX.matcher(plain).replaceAll(ANY);
        plain = LONG_NUMBER.matcher(plain).replaceAll(ANY);
        plain = PORT.matcher(plain).replaceAll(port -> port(Integer.parseInt(port.group())));
        plain = NUMBER.matcher(plain).replaceAll(number -> pids.contains(number.group()) ? ANY : number.group());
        for (UnaryOperator<String> function : further) {
            plain = function.apply(plain);
        }
        return plain;
    }

    /** Returns a port, or the sign for any if the kernel may have chosen it. */
    static String port(int port) {
        return port >= FIRST_EPHEMERAL_PORT ? ANY : Integer.toString(port);
    }

    private static String shorten(String argument) {
        if (argument.length() <= LONGEST_ARGUMENT) {
            return argument;
        }
        return ShellWord.beginning(argument, LONGEST_ARGUMENT) + "…" + ShortHash.of(argument);
    }
}
