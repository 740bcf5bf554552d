package io.schedtrace.lab;

import io.schedtrace.model.ExitStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code strace -f} says of a process tree and its TCP connections: an independent witness. */
public final class Strace {
    private static final String NAMES = "(v?fork|clone3?|execve(?:at)?|connect|accept4?)";
    private static final Pattern LINE = Pattern.compile("(\\d+) +(.*)");
    private static final Pattern CALL = Pattern.compile(NAMES + "\\((.*)");
    private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. " + NAMES + " resumed>(.*)");
    private static final Pattern UNFINISHED = Pattern.compile("(.*) <(?:unfinished|pid changed to \\d+) \\.\\.\\.>");
    private static final Pattern RESULT = Pattern.compile(".*\\) += (-?\\d+)(.*)", Pattern.DOTALL);
    private static final Pattern ENDED = Pattern.compile("\\+\\+\\+ (?:exited with (\\d+)|killed by (.*)) \\+\\+\\+");
    private static final Pattern SUPERSEDED = Pattern.compile("\\+\\+\\+ superseded by execve in pid (\\d+) \\+\\+\\+");
    private static final Pattern FILENAME = Pattern.compile("[^\"]*\"((?:[^\"\\\\]|\\\\.)*)\".*");
    private static final Pattern SOCKET =
            Pattern.compile("[^<]*<TCP(?:v6)?:[^>]*(?:->[^>]*)?>, *\\{.*_port=htons\\((\\d+)\\),.*?\"(.*?)\".*");

    private final Path directory;
    private final Map<Long, Seen> processes = new LinkedHashMap<>();
    private final Map<Long, Long> threads = new HashMap<>();
    private final Map<Long, String> unfinished = new HashMap<>();
    private final List<Connect> connects = new ArrayList<>();
    private final List<Accept> accepts = new ArrayList<>();

    /** A process; parent 0 for the first. The end is written as {@link ExitStatus#toString()} does. */
    public static final class Seen {
        final long pid;
        final List<List<String>> execs = new ArrayList<>();
        long parent;
        String end = "";

        Seen(long pid) {
            this.pid = pid;
        }
    }

    /** A connect(2) of a TCP socket that the network or the peer has answered, or will. */
    public record Connect(long pid, InetSocketAddress peer) {}

    /** An accept(2) that yielded a TCP connection. */
    public record Accept(long pid, InetSocketAddress peer) {}

    private Strace(Path directory) {
        this.directory = directory;
    }

    /** The command line that runs {@code command} under strace and writes to {@code file}. */
    public static String[] command(Path file, String... command) {
        String calls = "trace=process,connect,?accept,accept4";
        return Stream.concat(
                        Stream.of(
                                "strace",
                                "-f",
                                "--seccomp-bpf",
                                "-yy",
                                "-s",
                                "100000",
                                "-e",
                                calls,
                                "-o",
                                "" + file,
                                "--"),
                        Stream.of(command))
                .toArray(String[]::new);
    }

    /**
     * Reads what strace has written.
     *
     * @param directory what relative paths of scripts are relative to
     */
    public static Strace read(Path file, Path directory) throws IOException {
        Strace strace = new Strace(directory);
        for (String line : Files.readAllLines(file)) {
            strace.line(line);
        }
        strace.threads.keySet().forEach(strace.processes::remove);
        strace.processes.values().forEach(process -> process.parent = strace.processOf(process.parent));
        return strace;
    }

    /** The processes, the command first. */
    public List<Seen> processes() {
        return List.copyOf(processes.values());
    }

    public List<Connect> connects() {
        return connects;
    }

    public List<Accept> accepts() {
        return accepts;
    }

    private void line(String line) throws IOException {
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
            finished(task, unfinished.remove(task) + resumed.group(2));
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

    private void finished(long task, String text) throws IOException {
        Matcher call = CALL.matcher(text);
        Matcher result = RESULT.matcher(text);
        if (!call.matches() || !result.matches()) {
            return;
        }
        long process = processOf(task);
        long value = Long.parseLong(result.group(1));
        Matcher socket = SOCKET.matcher(call.group(2));
        switch (call.group(1)) {
            case "connect" -> {
                if (socket.matches() && (value >= 0 || result.group(2).matches(" (EINPROGRESS|ECONNREFUSED) .*"))) {
                    connects.add(new Connect(process, address(socket)));
                }
            }
            case "accept", "accept4" -> {
                if (socket.matches() && value >= 0) {
                    accepts.add(new Accept(process, address(socket)));
                }
            }
            case "execve", "execveat" -> {
                if (value >= 0) {
                    seen(process).execs.add(arguments(call.group(2)));
                }
            }
            default -> forked(process, value, text);
        }
    }

    private void forked(long process, long child, String call) {
        if (child > 0 && call.contains("CLONE_THREAD")) {
            threads.put(child, process);
        } else if (child > 0) {
            seen(child).parent = process;
        }
    }

    private long processOf(long task) {
        return threads.getOrDefault(task, task);
    }

    private static InetSocketAddress address(Matcher socket) {
        return new InetSocketAddress(socket.group(2), Integer.parseInt(socket.group(1)));
    }

    /** What {@code execve("path", ["a", "b"], ...)} makes the new program's arguments. */
    private List<String> arguments(String call) throws IOException {
        List<String> given = strings(call);
        Matcher filename = FILENAME.matcher(call);
        if (!filename.matches() || filename.group(1).isEmpty()) {
            return given;
        }
        Path file = directory.resolve(filename.group(1).translateEscapes());
        List<String> interpreter = Files.isRegularFile(file) ? interpreter(file) : List.of();
        if (interpreter.isEmpty()) {
            return given;
        }
        List<String> all = new ArrayList<>(interpreter);
        all.add(filename.group(1).translateEscapes());
        all.addAll(given.subList(1, given.size()));
        return all;
    }

    /** What the first line of a script names: a program and at most one argument. Empty if it is no script. */
    private static List<String> interpreter(Path file) throws IOException {
        byte[] start;
        try (var in = Files.newInputStream(file)) {
            start = in.readNBytes(256);
        }
        String line = new String(start, StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElse("");
        return line.startsWith("#!") ? List.of(line.substring(2).strip().split("[ \t]+", 2)) : List.of();
    }

    /** The argument vector of a call, without C escapes. */
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
