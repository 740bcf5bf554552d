package io.schedtrace.internal.backend.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/** The container engine in whose container this JVM runs. */
enum Engine {
    /** None, or one that leaves no trace. */
    NONE,
    DOCKER,
    PODMAN,
    KUBERNETES,
    OTHER;

    static Engine current() {
        return of(file -> Files.exists(Path.of(file)), cgroup());
    }

    private static String cgroup() {
        try {
            return Files.readString(Path.of("/proc/self/cgroup"));
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Tells it by what engines leave in a container.
     *
     * @param exists whether there is a file of that path
     * @param cgroup the contents of {@code /proc/self/cgroup}
     */
    static Engine of(Predicate<String> exists, String cgroup) {
        if (exists.test("/var/run/secrets/kubernetes.io") || cgroup.contains("kubepods")) {
            return KUBERNETES;
        }
        if (exists.test("/run/.containerenv") || cgroup.contains("libpod")) {
            return PODMAN;
        }
        if (exists.test("/.dockerenv") || cgroup.contains("/docker")) {
            return DOCKER;
        }
        return cgroup.contains("/lxc") || cgroup.contains("containerd") ? OTHER : NONE;
    }
}
