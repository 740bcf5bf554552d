package io.schedtrace.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code SECONDS}: ten sessions a second for so long; prints what the JVM and the kernel hold, first after a quarter. */
public final class Steady {
    private static final int A_SECOND = 10;

    private Steady() {}

    public static void main(String[] arguments) throws Exception {
        int sessions = Integer.parseInt(arguments[0]) * A_SECOND;
        long begin = System.nanoTime();
        for (int i = 1; i <= sessions; i++) {
            if (!Traces.of("true").isComplete()) {
                throw new AssertionError("session " + i);
            }
            if (i == sessions / 4 || i == sessions) {
                System.out.println(report(i));
            }
            long due = begin + i * TimeUnit.SECONDS.toNanos(1) / A_SECOND;
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        }
    }

    private static String report(int sessions) throws IOException {
        System.gc();
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"));
                Stream<Path> threads = Files.list(Path.of("/proc/self/task"));
                Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            return "sessions " + sessions + " files " + files.count() + " threads " + threads.count() + " objects "
                    + ChildJvm.bpfObjects(ProcessHandle.current().pid()).size() + " kilobytes "
                    + status.filter(line -> line.startsWith("VmRSS:"))
                            .map(line -> line.replaceAll("\\D", ""))
                            .collect(Collectors.joining());
        }
    }

    /** What a line of the report says. */
    public static Map<String, Long> numbers(String line) {
        String[] words = line.split(" ", -1);
        return Stream.iterate(0, i -> i < words.length, i -> i + 2)
                .collect(Collectors.toMap(i -> words[i], i -> Long.valueOf(words[i + 1])));
    }
}
