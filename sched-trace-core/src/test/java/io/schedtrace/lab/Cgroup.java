package io.schedtrace.lab;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A control group of this test's own, of either version of cgroups(7), with the controller that it needs. */
public final class Cgroup implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private final Path directory;
    private final boolean second;

    private Cgroup(String controller) throws IOException {
        Path first = ROOT.resolve(controller);
        Path unified = Files.exists(ROOT.resolve("cgroup.controllers")) ? ROOT : null;
        second = !Files.isDirectory(first);
        assumeTrue(!second || unified != null, "no cgroup controller " + controller);
        if (second) {
            write(ROOT.resolve("cgroup.subtree_control"), "+" + controller);
        }
        directory = Files.createTempDirectory(second ? ROOT : first, "sched-trace-it-");
    }

    /** A group of so many tasks at the most. */
    public static Cgroup pids(int most) throws IOException {
        Cgroup group = new Cgroup("pids");
        group.limitPids(most);
        return group;
    }

    /** A group with a limit on its memory, the kernel's for it included. */
    public static Cgroup memory(long bytes) throws IOException {
        Cgroup group = new Cgroup("memory");
        group.limitMemory(bytes);
        return group;
    }

    public void limitPids(int most) throws IOException {
        write(directory.resolve("pids.max"), "" + most);
    }

    public int pids() throws IOException {
        return Integer.parseInt(
                Files.readString(directory.resolve("pids.current")).trim());
    }

    public void limitMemory(long bytes) throws IOException {
        write(directory.resolve(second ? "memory.max" : "memory.limit_in_bytes"), "" + bytes);
    }

    public long memory() throws IOException {
        return Long.parseLong(Files.readString(directory.resolve(second ? "memory.current" : "memory.usage_in_bytes"))
                .trim());
    }

    /** Moves a process into it; what a group is charged for already stays with that. */
    public void add(long pid) throws IOException {
        write(directory.resolve("cgroup.procs"), "" + pid);
    }

    /** Moves a process out of it. */
    public void remove(long pid) throws IOException {
        write(directory.getParent().resolve("cgroup.procs"), "" + pid);
    }

    /** A shell command that runs another one inside. */
    public String[] command(String... command) {
        String[] all = new String[command.length + 4];
        all[0] = "sh";
        all[1] = "-c";
        all[2] = "echo $$ > \"$0\" && exec \"$@\"";
        all[3] = directory.resolve("cgroup.procs").toString();
        System.arraycopy(command, 0, all, 4, command.length);
        return all;
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    /** The kernel keeps a group for a moment after its last process. */
    @Override
    public void close() throws IOException {
        for (int i = 0; Files.exists(directory); i++) {
            try {
                Files.delete(directory);
            } catch (IOException e) {
                if (i == 100) {
                    throw e;
                }
                sleep();
            }
        }
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
