package io.schedtrace.bpf;

import java.util.Locale;

/**
 * An operating system and processor architecture, by the names of the native library's folders.
 *
 * @param os {@code linux}, or another system's name in lower case
 * @param arch {@code x86_64}, {@code aarch64}, or another one's name in lower case
 */
public record Platform(String os, String arch) {
    /** The platform of this JVM. */
    public static Platform current() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    /** The platform that the system properties {@code os.name} and {@code os.arch} tell of. */
    public static Platform of(String osName, String osArch) {
        String arch = osArch.toLowerCase(Locale.ROOT);
        return new Platform(
                osName.toLowerCase(Locale.ROOT).replace(' ', '_'),
                switch (arch) {
                    case "amd64", "x86_64", "x64" -> "x86_64";
                    case "aarch64", "arm64" -> "aarch64";
                    default -> arch;
                });
    }

    /** Whether it is Linux. */
    public boolean isLinux() {
        return os.equals("linux");
    }

    /** The path of the shim among the resources. */
    String libraryResource() {
        return resource("libschedtrace.so");
    }

    /** The path of the helper among the resources. */
    String helperResource() {
        return resource("sched-trace-helper");
    }

    /** The path of the tracer among the resources. */
    String tracerResource() {
        return resource("sched-trace-ptracer");
    }

    private String resource(String file) {
        return "META-INF/native/" + os + '-' + arch + '/' + file;
    }
}
