package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.HostOptions;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners of every temper, beside one that behaves. */
@KernelTest
class ListenersIT {
    /** Writes down what it hears. */
    private static final class Recorder implements TraceListener {
        final List<String> heard = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public void processStarted(ProcessSpan process) {
            heard.add("started " + process.pid());
        }

        @Override
        public void processExecuted(ProcessSpan process, Exec exec) {
            heard.add("executed " + process.pid() + " " + exec.name());
        }

        @Override
        public void processEnded(ProcessSpan process) {
            heard.add("ended " + process.pid() + " " + process.exit());
        }

        @Override
        public void traceClosed(Trace trace) {
            heard.add("closed " + trace.processes().size());
            closed.countDown();
        }
    }

    /** Each connection waits for names; the session does so once. */
    @Test
    void shouldHearTheEndThoughLookupsHang() throws Exception {
        Recorder recorder = new Recorder();
        HostOptions hanging = HostOptions.defaults().withLookup(name -> {
            LockSupport.park();
            throw new UnknownHostException(name);
        });
        try (ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
                ProcessTreeTracer tracer = ProcessTreeTracer.builder()
                        .listener(recorder)
                        .hostOptions(hanging)
                        .open()) {
            ProcessBuilder connects = Traces.quiet(
                    "bash",
                    "-c",
                    "for i in $(seq 20); do exec 3<>/dev/tcp/127.0.0.1/$0; exec 3>&-; done",
                    "" + server.getLocalPort());
            connects.environment().put("DB_HOST", "db.test");
            assertThat(tracer.start(connects).waitFor()).isZero();
            assertThat(tracer.awaitTree(Traces.LONG).connections()).hasSize(20);
        }
        assertThat(recorder.heard).endsWith("closed 2");
    }

    private static List<String> run(Recorder recorder, TraceListener other) throws Exception {
        Process shell;
        try (ProcessTreeTracer tracer =
                ProcessTreeTracer.builder().listener(other).listener(recorder).open()) {
            shell = tracer.start(Traces.quiet("sh", "-c", "true; exit 3"));
            assertThat(shell.waitFor()).isEqualTo(3);
            Trace trace = tracer.awaitTree(Traces.LONG);
            assertThat(trace.isComplete()).isTrue();
            assertThat(trace.processes()).hasSize(1);
        }
        return List.of(
                "started " + shell.pid(),
                "executed " + shell.pid() + " sh",
                "ended " + shell.pid() + " exit 3",
                "closed 1");
    }

    @Test
    void aListenerHearsOfEverythingInOrder() throws Exception {
        Recorder recorder = new Recorder();

        assertThat(run(recorder, new TraceListener() {})).isEqualTo(recorder.heard);
    }

    @Test
    void aListenerThatThrowsHarmsNobody() throws Exception {
        for (Throwable thrown : List.of(
                new IllegalStateException("on purpose"),
                new StackOverflowError("on purpose"),
                new AssertionError("on purpose"),
                new LinkageError("on purpose"),
                new OutOfMemoryError("on purpose"),
                new ThreadDeath(),
                new Unspeakable(),
                new InterruptedException("on purpose"))) {
            Recorder recorder = new Recorder();
            Recorder thrower = new Recorder();

            List<String> expected = run(recorder, new Thrower(thrown, thrower));
            assertThat(recorder.heard).isEqualTo(expected);
            assertThat(thrower.heard).isEqualTo(expected);
        }
    }

    /** Whoever looks at it gets another one. */
    private static final class Unspeakable extends Error {
        private static final long serialVersionUID = 1;

        @Override
        public String toString() {
            throw new Unspeakable();
        }
    }

    /** The virtual machine throws, and has no room left: on the stack, or in the heap. */
    @Test
    @SuppressWarnings("InfiniteRecursion")
    void aListenerThatExhaustsItsThreadHarmsNobody() throws Exception {
        for (TraceListener exhausting : List.<TraceListener>of(
                new TraceListener() {
                    @Override
                    public void processEnded(ProcessSpan process) {
                        processEnded(process);
                    }
                },
                new TraceListener() {
                    @Override
                    public void processEnded(ProcessSpan process) {
                        throw new AssertionError(new long[Integer.MAX_VALUE].length);
                    }
                })) {
            Recorder recorder = new Recorder();

            assertThat(run(recorder, exhausting)).isEqualTo(recorder.heard);
        }
    }

    /** Tells another listener, then throws. */
    private record Thrower(Throwable thrown, TraceListener told) implements TraceListener {
        @Override
        public void processStarted(ProcessSpan process) {
            told.processStarted(process);
            fail(thrown);
        }

        @Override
        public void processExecuted(ProcessSpan process, Exec exec) {
            told.processExecuted(process, exec);
            fail(thrown);
        }

        @Override
        public void processEnded(ProcessSpan process) {
            told.processEnded(process);
            fail(thrown);
        }

        @Override
        public void traceClosed(Trace trace) {
            told.traceClosed(trace);
            fail(thrown);
        }

        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        private static <T extends Throwable> void fail(Throwable thrown) throws T {
            throw (T) thrown;
        }
    }

    @Test
    @Timeout(60)
    void aListenerThatSleepsHoldsUpNobodyElse() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Recorder recorder = new Recorder();
        TraceListener sleeper = new TraceListener() {
            @Override
            public void processStarted(ProcessSpan process) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        try (ProcessTreeTracer tracer =
                ProcessTreeTracer.builder().listener(sleeper).listener(recorder).open()) {
            tracer.start(Traces.quiet("true")).waitFor();
            assertThat(tracer.awaitTree(Traces.LONG).isComplete()).isTrue();
            for (int i = 0; i < 1000 && recorder.heard.size() < 3; i++) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(recorder.heard).hasSize(3);
            release.countDown();
        }
        assertThat(recorder.heard).hasSize(4);
    }

    /** It gets no more than its time, and its thread goes. */
    @Test
    @Timeout(60)
    void aListenerThatIsStillAsleepAtTheEndIsLeftBehind() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Recorder recorder = new Recorder();
        TraceListener sleeper = new TraceListener() {
            @Override
            public void processEnded(ProcessSpan process) {
                thread.set(Thread.currentThread());
                try {
                    TimeUnit.HOURS.sleep(1);
                } catch (InterruptedException e) {
                    // Goes on to the next event, as careless code does.
                }
            }
        };
        try (ProcessTreeTracer tracer =
                ProcessTreeTracer.builder().listener(sleeper).listener(recorder).open()) {
            tracer.start(Traces.quiet("sh", "-c", "(exit 1); (exit 2); (exit 3)"))
                    .waitFor();
            tracer.awaitTree(Traces.LONG);
        }
        assertThat(recorder.closed.getCount()).isZero();
        thread.get().join(10_000);
        assertThat(thread.get().isAlive()).isFalse();
    }

    @Test
    @Timeout(60)
    void aListenerMayCloseTheTracer() throws Exception {
        AtomicReference<ProcessTreeTracer> tracer = new AtomicReference<>();
        CountDownLatch closed = new CountDownLatch(1);
        AtomicReference<Duration> took = new AtomicReference<>();
        Recorder recorder = new Recorder();
        tracer.set(ProcessTreeTracer.builder()
                .listener(new TraceListener() {
                    @Override
                    public void processEnded(ProcessSpan process) {
                        long start = System.nanoTime();
                        tracer.get().close();
                        took.set(Duration.ofNanos(System.nanoTime() - start));
                    }

                    @Override
                    public void traceClosed(Trace trace) {
                        closed.countDown();
                    }
                })
                .listener(recorder)
                .open());
        tracer.get().start(Traces.quiet("true")).waitFor();

        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(recorder.closed.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(took.get()).isLessThan(Duration.ofSeconds(4));
        assertThat(tracer.get().trace().isComplete()).isTrue();
    }

    @Test
    @Timeout(60)
    void aListenerMayLookAtTheTrace() throws Exception {
        AtomicReference<ProcessTreeTracer> tracer = new AtomicReference<>();
        AtomicReference<Trace> seen = new AtomicReference<>();
        tracer.set(ProcessTreeTracer.builder()
                .listener(new TraceListener() {
                    @Override
                    public void processEnded(ProcessSpan process) {
                        seen.set(tracer.get().trace());
                    }
                })
                .open());
        tracer.get().start(Traces.quiet("true")).waitFor();
        tracer.get().close();

        assertThat(seen.get().processes()).hasSize(1);
    }
}
