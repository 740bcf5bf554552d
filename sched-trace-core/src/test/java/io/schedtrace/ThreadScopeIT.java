package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.Trace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@KernelTest
@Tag("kernels")
class ThreadScopeIT {
    private static void run(String mark) throws Exception {
        new ProcessBuilder("true", mark).start().waitFor();
    }

    private static List<String> marks(Tracer tracer) {
        return tracer.processes().stream()
                .map(process -> process.arguments().get(1))
                .toList();
    }

    @Test
    void shouldNest() throws Exception {
        try (ProcessTreeTracer outer = ProcessTreeTracer.builder().open();
                ProcessTreeTracer inner = ProcessTreeTracer.builder().open()) {
            ThreadScope outerScope = outer.enter();
            run("outer 1");
            ThreadScope innerScope = inner.enter();
            run("inner");
            innerScope.close();
            run("outer 2");
            outerScope.close();
            run("nobody");

            assertThat(marks(outer)).containsExactly("outer 1", "outer 2");
            assertThat(marks(inner)).containsExactly("inner");
        }
    }

    @Test
    void shouldGoOnAfterItsTracerIsClosed() throws Exception {
        ProcessTreeTracer closing = ProcessTreeTracer.builder().open();
        try (ThreadScope scope = closing.enter()) {
            try (ThreadScope outside = ThreadScope.outside()) {
                closing.close();
            }
            run("nobody");
        }
        assertThat(closing.trace().processes()).isEmpty();
    }

    @Test
    void shouldTakeTheThreadAndItsNewThreadsOutsideUntilClosed() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open();
                JvmScope jvm = tracer.enterJvm();
                ThreadScope scope = tracer.enter()) {
            run("before");
            try (ThreadScope outside = ThreadScope.outside()) {
                run("outside");
                pool.submit(() -> {
                            run("outside, on a new thread");
                            return null;
                        })
                        .get();
            }
            run("after");
            pool.submit(() -> {
                        run("on the thread that was made outside");
                        return null;
                    })
                    .get();

            assertThat(marks(tracer)).containsExactly("before", "after", "on the thread that was made outside");
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void shouldCloseInnerScopesThatWereLeftOpenAndSaySo() throws Exception {
        try (ProcessTreeTracer outermost = ProcessTreeTracer.builder().open();
                ProcessTreeTracer outer = ProcessTreeTracer.builder().open();
                ProcessTreeTracer inner = ProcessTreeTracer.builder().open()) {
            ThreadScope outermostScope = outermost.enter();
            ThreadScope outerScope = outer.enter();
            ThreadScope innerScope = inner.enter();

            assertThatIllegalStateException()
                    .isThrownBy(outerScope::close)
                    .withMessageStartingWith(
                            "an inner scope of thread " + Thread.currentThread().getName() + " was still open");
            run("outermost");
            innerScope.close();
            outerScope.close();
            run("outermost again");
            outermostScope.close();
            run("nobody");

            assertThat(marks(outermost)).containsExactly("outermost", "outermost again");
            assertThat(marks(outer)).isEmpty();
            assertThat(marks(inner)).isEmpty();
        }
    }

    @Test
    void shouldBelongToItsThread() throws Exception {
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
            ThreadScope scope = tracer.enter();
            Throwable[] thrown = new Throwable[1];
            Thread other = new Thread(scope::close);
            other.setUncaughtExceptionHandler((thread, e) -> thrown[0] = e);
            other.start();
            other.join();
            scope.close();
            assertThat(thrown[0]).hasMessageEndingWith("can only be closed by that thread");
        }
    }

    @Test
    void shouldBeASpanIfItHasAName() throws Exception {
        SpanId parent = SpanId.random();
        ProcessTreeTracer tracer = ProcessTreeTracer.builder()
                .sessionName("nightly run")
                .parentSpanId(parent)
                .open();
        try {
            Process process = tracer.start(new ProcessBuilder("sleep", "600"));
            assertThat(tracer.awaitProcesses(Duration.ofMillis(1))).hasSize(1);
            assertThat(tracer.trace().session().complete()).isFalse();
            process.destroy();
            assertThat(tracer.awaitProcesses(Traces.LONG)).isEmpty();
        } finally {
            tracer.close();
        }
        Trace trace = tracer.trace();
        SessionSpan session = trace.session();
        assertThat(session.name()).isEqualTo("nightly run");
        assertThat(session.parentSpanId()).isEqualTo(parent);
        assertThat(session.complete()).isTrue();
        assertThat(session.endTime()).isEqualTo(session.startTime().plus(session.duration()));
        assertThat(trace.parentSpanId()).isEqualTo(session.spanId());
        assertThat(trace.roots())
                .allSatisfy(root -> assertThat(root.parentSpanId()).isEqualTo(session.spanId()));
        assertThat(trace.toString()).startsWith("nightly run  ");
    }
}
