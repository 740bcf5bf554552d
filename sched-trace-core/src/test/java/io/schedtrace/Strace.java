package io.schedtrace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code strace -f -e trace=process} says of a process tree: an independent witness. */
final class Strace {
    private static final Pattern LINE = Pattern.compile("(\\d+) +(.*)");
    private static final Pattern CALL = Pattern.compile("(fork|vfork|clone3?|execve(?:at)?)\\((.*)");
    private static final Pattern RESUMED =
            Pattern.compile("<\\.\\.\\. (?:fork|vfork|clone3?|execve(?:at)?) resumed>(.*)");
    private static final Pattern UNFINISHED = Pattern.compile("(.*) <(?:unfinished|pid changed to \\d+) \\.\\.\\.>");
    private static final Pattern RESULT = Pattern.compile(".*\\) += (-?\\d+).*", Pattern.DOTALL);
    private static final Pattern ENDED = Pattern.compile("\\+\\+\\+ (?:exited with (\\d+)|killed by (.*)) \\+\\+\\+");
    private static final Pattern SUPERSEDED = Pattern.compile("\\+\\+\\+ superseded by execve in pid (\\d+) \\+\\+\\+");

    private final Map<Long, Seen> processes = new LinkedHashMap<>();
    private final Map<Long, Long> threads = new HashMap<>();
    private final Map<Long, String> unfinished = new HashMap<>();

    /** A process; parent 0 for the first. The end is written as {@link ExitStatus#toString()} does. */
    static final class Seen {
        final long pid;
        final List<List<String>> execs = new ArrayList<>();
        long parent;
        String end = "";

        Seen(long pid) {
            this.pid = pid;
        }
    }

    private Strace() {}

    /** The command line that runs {@code command} under strace and writes to {@code file}. */
    static String[] command(Path file, String... command) {
        List<String> line = new ArrayList<>(
                List.of("strace", "-f", "-s", "100000", "-e", "trace=process", "-o", file.toString(), "--"));
        line.addAll(List.of(command));
        return line.toArray(String[]::new);
    }

    /** The processes that strace saw, by pid, the command first. */
    static Map<Long, Seen> read(Path file) throws IOException {
        Strace strace = new Strace();
        Files.readAllLines(file).forEach(strace::line);
        strace.threads.keySet().forEach(strace.processes::remove);
        strace.processes.values().forEach(process -> process.parent = strace.processOf(process.parent));
        return strace.processes;
    }

    private void line(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(line);
        }
        long task = Long.parseLong(matcher.group(1));
        String text = matcher.group(2);
        Matcher cut = UNFINISHED.matcher(text);
        Matcher superseded = SUPERSEDED.matcher(text);
        Matcher ended = ENDED.matcher(text);
        Matcher resumed = RESUMED.matcher(text);
        if (superseded.matches()) {
            unfinished.put(task, unfinished.remove(Long.parseLong(superseded.group(1))));
        } else if (ended.matches()) {
            seen(task).end = ended.group(1) == null ? ended.group(2) : "exit " + ended.group(1);
        } else if (resumed.matches()) {
            finished(task, unfinished.remove(task) + resumed.group(1));
        } else if (CALL.matcher(text).matches()) {
            if (cut.matches()) {
                unfinished.put(task, cut.group(1));
            } else {
                finished(task, text);
            }
        }
    }

    /** What is known of a process; of a child, its own first lines may come before the one of its fork. */
    private Seen seen(long task) {
        return processes.computeIfAbsent(task, Seen::new);
    }

    private void finished(long task, String call) {
        Matcher result = RESULT.matcher(call);
        if (!result.matches() || result.group(1).startsWith("-")) {
            return;
        }
        long process = processOf(task);
        long value = Long.parseLong(result.group(1));
        if (call.startsWith("exec")) {
            seen(process).execs.add(strings(call));
        } else if (call.contains("CLONE_THREAD")) {
            threads.put(value, process);
        } else {
            seen(value).parent = process;
        }
    }

    private long processOf(long task) {
        return threads.getOrDefault(task, task);
    }

    /** The argument vector of {@code execve("path", ["a", "b"], ...)}, without C escapes. */
    private static List<String> strings(String call) {
        List<String> strings = new ArrayList<>();
        int at = call.indexOf('[');
        while (at < call.length() && call.charAt(at) != ']') {
            if (call.charAt(at) == '"') {
                int end = at + 1;
                while (call.charAt(end) != '"') {
                    end += call.charAt(end) == '\\' ? 2 : 1;
                }
                strings.add(call.substring(at + 1, end).translateEscapes());
                at = end;
            }
            at++;
        }
        return strings;
    }
}
