package io.schedtrace.internal.backend.bpf;

/** What to do where a way to trace does not work, in this one place. */
final class Remedies {
    private Remedies() {}

    static String daemon() {
        return "run: sudo sched-trace daemon";
    }
}
