package io.schedtrace.bpf;

import io.schedtrace.Tracing;

/** Prints whether this JVM can trace if the helper answers within a second. */
public final class ImpatientReport {
    private ImpatientReport() {}

    public static void main(String[] arguments) {
        Helper.timeoutMillis = 1_000;
        Daemon.timeoutMillis = 1_000;
        System.out.println(Tracing.availability().message());
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
