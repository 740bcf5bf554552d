package it.modules;

import static io.schedtrace.assertj.TraceAssertions.assertThat;

import io.schedtrace.model.Availability;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.Tracer;
import io.schedtrace.Tracing;
import java.time.Duration;

/** Launches, asserts, and ends a tree, all from named modules. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        require(Tracer.class.getModule().isNamed(), "sched-trace is a named module");
        Availability availability = Tracing.availability();
        if (!availability.available() && !"1".equals(System.getenv("SCHED_TRACE_REQUIRE"))) {
            System.out.println("skipped: " + availability.message());
            return;
        }
        try (var t = Tracer.launch("sh", "-c", "ls / | wc -l")) {
            assertThat(t.awaitTree(Duration.ofSeconds(60))).isComplete().hasTreeLike("sh\n├─ ls\n└─ wc");
        }
        endsATree();
    }

    /** Signals go through the JNI shim. */
    private static void endsATree() throws Exception {
        try (var t = Tracer.launch("sh", "-c", "setsid sleep 600 & sleep 600")) {
            while (t.processes().stream().filter(p -> p.name().equals("sleep")).count() < 2) {
                Thread.onSpinWait();
            }
            int killed = t.killTree();
            var trace = t.awaitTree(Duration.ofSeconds(60));
            assertThat(trace).leftNothingRunning();
            assertThat(trace).processes().extracting(ProcessSpan::signal).containsOnly("SIGKILL");
            require(killed == 3, "three processes got the signal, not " + killed);
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("expected: " + what);
        }
    }
}
