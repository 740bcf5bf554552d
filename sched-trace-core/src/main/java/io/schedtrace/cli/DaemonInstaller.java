package io.schedtrace.cli;

import io.schedtrace.bpf.Daemon;
import io.schedtrace.bpf.Helper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Installs the units with which systemd starts the daemon when somebody connects to its socket, and removes them. Both
 * say what they do before they do it, and may be repeated.
 */
final class DaemonInstaller {
    /** Whether systemd manages this machine: sd_booted(3). */
    private static final Path BOOTED = Path.of("/run/systemd/system");

    private static final Path UNITS = Path.of("/etc/systemd/system");
    private static final String SOCKET_UNIT = "sched-trace.socket";

    /** The daemon gives up all but CAP_BPF and CAP_PERFMON itself. */
    private static final Map<String, String> CONTENTS = contents();

    private final PrintWriter out;

    DaemonInstaller(PrintWriter out) {
        this.out = out;
    }

    private static Map<String, String> contents() {
        Map<String, String> contents = new LinkedHashMap<>();
        contents.put(SOCKET_UNIT, """
                [Unit]
                Description=Socket of sched-trace

                [Socket]
                ListenSequentialPacket=%s
                SocketMode=0666
                DirectoryMode=0755
                RemoveOnStop=yes

                [Install]
                WantedBy=sockets.target
                """.formatted(Daemon.SOCKET));
        contents.put("sched-trace.service", """
                [Unit]
                Description=Loads the BPF programs of sched-trace for its users
                Requires=%s

                [Service]
                ExecStart=%s
                StandardInput=socket
                CapabilityBoundingSet=CAP_BPF CAP_PERFMON CAP_SETUID CAP_SETGID CAP_SETPCAP
                ProtectSystem=strict
                ProtectHome=yes
                PrivateTmp=yes
                PrivateDevices=no
                PrivateNetwork=yes
                RestrictAddressFamilies=AF_UNIX
                MemoryDenyWriteExecute=yes
                TasksMax=300
                """.formatted(SOCKET_UNIT, Helper.PATH));
        return contents;
    }

    /**
     * Installs the units and has systemd listen, unless that is so already.
     *
     * @throws SetupException if that is not possible here
     */
    void install() throws IOException {
        Root.require("setup --daemon");
        if (!Files.isDirectory(BOOTED)) {
            throw new SetupException(
                    "systemd does not manage this machine; start the daemon by hand: sudo sched-trace daemon");
        }
        if (isInstalled()) {
            out.println("the daemon is already installed; there is nothing to do");
            return;
        }
        out.println("installing " + String.join(" and ", CONTENTS.keySet()) + " in " + UNITS + ", and listening at "
                + Daemon.SOCKET);
        for (Map.Entry<String, String> unit : CONTENTS.entrySet()) {
            Path file = UNITS.resolve(unit.getKey());
            Files.writeString(file, unit.getValue());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        systemctl("daemon-reload");
        systemctl("stop", "sched-trace.service");
        systemctl("enable", SOCKET_UNIT);
        systemctl("restart", SOCKET_UNIT);
        out.println("done");
    }

    /** Whether anything of it is installed. */
    boolean isThere() {
        return !there().isEmpty();
    }

    private static List<Path> there() {
        return CONTENTS.keySet().stream()
                .map(UNITS::resolve)
                .filter(Files::exists)
                .toList();
    }

    /** Stops the daemon and removes the units, if they are there. */
    void remove() throws IOException {
        Root.require("setup --undo");
        List<Path> there = there();
        if (there.isEmpty()) {
            out.println("the daemon is not installed; there is nothing to do");
            return;
        }
        out.println("stopping the daemon, and removing " + there);
        if (Files.isDirectory(BOOTED)) {
            systemctl("disable", "--now", SOCKET_UNIT);
            systemctl("stop", "sched-trace.service");
        }
        for (Path unit : there) {
            Files.delete(unit);
        }
        if (Files.isDirectory(BOOTED)) {
            systemctl("daemon-reload");
        }
        out.println("done");
    }

    private static boolean isInstalled() throws IOException {
        for (Map.Entry<String, String> unit : CONTENTS.entrySet()) {
            Path file = UNITS.resolve(unit.getKey());
            if (!Files.exists(file) || !Files.readString(file).equals(unit.getValue())) {
                return false;
            }
        }
        return Files.exists(Daemon.SOCKET);
    }

    private static void systemctl(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("systemctl", "--quiet"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new SetupException(String.join(" ", command) + " failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SetupException("interrupted while systemd was at work; run it again");
        }
    }
}
