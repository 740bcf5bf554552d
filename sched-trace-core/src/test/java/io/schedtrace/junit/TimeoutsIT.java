package io.schedtrace.junit;

import static io.schedtrace.junit.Runs.keep;
import static io.schedtrace.junit.Runs.mark;
import static io.schedtrace.junit.Runs.marks;
import static io.schedtrace.junit.Runs.trace;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** Tests whose time is limited, on whatever thread they run then. */
@KernelTest
class TimeoutsIT {
    @TempDir
    Path reports;

    @TraceProcesses
    static class Timeouts {
        @Test
        @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SAME_THREAD)
        void sameThread(Tracer tracer) {
            keep("same", tracer);
            mark("same");
        }

        @Test
        @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
        void separateThread(Tracer tracer) {
            keep("separate", tracer);
            mark("separate");
        }
    }

    @Test
    void shouldTraceTestsWithATimeoutOnWhateverThread() {
        Runs.pass(reports, 2, Timeouts.class);
        assertThat(marks("same")).containsExactly("same");
        assertThat(marks("separate")).containsExactly("separate");
    }

    @TraceProcesses(leakedProcesses = LeakedProcesses.KILL)
    static class TimedOut {
        @Test
        @Timeout(value = 500, unit = TimeUnit.MILLISECONDS, threadMode = ThreadMode.SAME_THREAD)
        void sameThread(Tracer tracer) throws Exception {
            keep("same", tracer);
            new ProcessBuilder("sleep", "600").start().waitFor();
        }

        @Test
        @Timeout(value = 500, unit = TimeUnit.MILLISECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
        void separateThread(Tracer tracer) throws Exception {
            keep("separate", tracer);
            new ProcessBuilder("sleep", "600").start().waitFor();
        }
    }

    @Test
    void shouldShowAndEndWhatATestWasWaitingForWhenItsTimeWasUp() {
        EngineExecutionResults results = Runs.run(reports, TimedOut.class);

        results.testEvents().assertStatistics(s -> s.started(2).failed(2));
        for (String name : List.of("same", "separate")) {
            assertThat(trace(name).processes()).singleElement().satisfies(sleep -> {
                assertThat(sleep.arguments()).containsExactly("sleep", "600");
                assertThat(sleep.signal()).isEqualTo("SIGKILL");
            });
        }
        assertThat(reports.resolve(TimedOut.class.getName() + "/sameThread.txt"))
                .content()
                .contains("sleep 600", "SIGKILL");
    }
}
