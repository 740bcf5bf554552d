package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.schedtrace.hosts.HostOptions;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Patience;
import io.schedtrace.lab.Snippet;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceTimeoutException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Waiting for what a trace shows. */
@KernelTest
class AwaitIT {
    private static final Duration LONG = Traces.LONG;
    private static final Duration SHORT = Duration.ofMillis(50);

    private final ProcessTreeTracer tracer =
            ProcessTreeTracer.builder().killOnClose(true).open();

    @AfterEach
    void close() {
        tracer.close();
    }

    private void start(String... command) throws Exception {
        tracer.start(Traces.quiet(command));
    }

    private void startPython(String program, Object... arguments) throws Exception {
        tracer.start(new ProcessBuilder(Snippet.pythonCommand(program, arguments))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD));
    }

    private static int freePort() throws Exception {
        try (ServerSocket server = new ServerSocket(0)) {
            return server.getLocalPort();
        }
    }

    @Test
    @Tag("kernels")
    void shouldWaitForAProcess() throws Exception {
        start("sh", "-c", "sleep 0.2; sleep 77 & wait");
        ProcessSpan sleep = tracer.awaitProcess("sleep", LONG);

        assertThat(sleep.arguments()).containsExactly("sleep", "0.2");
        Trace later = tracer.await(
                trace -> trace.processes().stream()
                        .anyMatch(process -> process.arguments().equals(List.of("sleep", "77"))),
                LONG);
        assertThat(later.processes()).hasSize(3);
        assertThat(later.process(sleep.spanId()).exitCode()).isZero();
    }

    @Test
    void shouldKnowAProcessThatHasEndedOrRunsAnotherProgram() throws Exception {
        start("sh", "-c", "exec env true");
        tracer.awaitTree(LONG);

        assertThat(tracer.awaitProcess("sh", LONG)).isEqualTo(tracer.awaitProcess("true", Duration.ZERO));
    }

    @Test
    @Tag("kernels")
    void shouldWaitForAListener() throws Exception {
        int port = freePort();
        startPython("time.sleep(0.2); ls = listen('127.0.0.1', int(sys.argv[1])); time.sleep(77)", port);
        ListenSpan listener = tracer.awaitListening(port, LONG);

        assertThat(listener.port()).isEqualTo(port);
        assertThat(listener.listening()).isTrue();
        new Socket("127.0.0.1", port).close();
    }

    @Test
    void shouldNotTakeAListenerThatHasClosed() throws Exception {
        int port = freePort();
        startPython("ls = listen('127.0.0.1', int(sys.argv[1])); ls.close()", port);
        tracer.awaitTree(LONG);

        assertThat(tracer.trace().listeners()).hasSize(1);
        assertThatThrownBy(() -> tracer.awaitListening(port, SHORT)).isInstanceOf(TraceTimeoutException.class);
    }

    @Test
    void shouldWaitForAConnection() throws Exception {
        try (ServerSocket server = new ServerSocket(0)) {
            int port = server.getLocalPort();
            startPython(
                    "handled(connect, 1); time.sleep(0.2); c = connect(int(sys.argv[1]), '127.0.0.9'); time.sleep(77)",
                    port);
            TcpSpan connection = tracer.awaitConnection("localhost:" + port, LONG);

            assertThat(connection.peer().getPort()).isEqualTo(port);
            assertThat(tracer.awaitConnection("127.0.0.9", Duration.ZERO).spanId())
                    .isEqualTo(connection.spanId());
            assertThatThrownBy(() -> tracer.awaitConnection("127.0.0.1:1", SHORT))
                    .isInstanceOf(TraceTimeoutException.class)
                    .hasMessageStartingWith(
                            "waited 50 ms for a connection to '127.0.0.1:1', without success; the trace is:\n")
                    .hasMessageContaining("refused (ECONNREFUSED)");
        }
    }

    /** Names come after the record of the connection. */
    @Test
    void shouldWaitForTheNameOfAPeer() throws Exception {
        CountDownLatch tried = new CountDownLatch(1);
        ProcessTreeTracer.Builder builder = ProcessTreeTracer.builder()
                .killOnClose(true)
                .hostOptions(HostOptions.defaults().withLookup(name -> {
                    await(tried);
                    return name.equals("db.test") ? List.of(InetAddress.getByName("127.0.0.9")) : List.of();
                }));
        try (ServerSocket server = new ServerSocket(0);
                ProcessTreeTracer named = builder.open()) {
            List<String> command = Snippet.pythonCommand(
                    "c = connect(int(sys.argv[1]), '127.0.0.9'); time.sleep(77)",
                    server.getLocalPort(),
                    "--host=db.test");
            named.start(new ProcessBuilder(command));
            named.awaitConnection("127.0.0.9", LONG);
            assertThatThrownBy(() -> named.awaitConnection("db.test", Duration.ZERO))
                    .isInstanceOf(TraceTimeoutException.class);
            tried.countDown();

            assertThat(named.awaitConnection("db.test", LONG).peerName()).isEqualTo("db.test");
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void shouldShowTheTreeIfTheTimeIsUp() throws Exception {
        start("sh", "-c", "sleep 77 & sleep 78");
        tracer.await(
                trace -> trace.processes().stream()
                                .filter(p -> p.name().equals("sleep"))
                                .count()
                        == 2,
                LONG);
        Instant begin = Instant.now();
        TraceTimeoutException late =
                catchThrowableOfType(TraceTimeoutException.class, () -> tracer.awaitProcess("redis-server", SHORT));

        assertThat(Duration.between(begin, Instant.now())).isGreaterThanOrEqualTo(SHORT);
        assertThat(late.trace().processes()).hasSize(3);
        assertThat(late)
                .hasMessageStartingWith(
                        "waited 50 ms for a process named 'redis-server', without success; the trace is:\n"
                                + "sh -c 'sleep 77 & sleep 78'  [")
                .hasMessageContaining("─ sleep 77  [");
        assertThatThrownBy(() -> tracer.awaitListening(8080, SHORT))
                .hasMessageStartingWith("waited 50 ms for a socket that listens on port 8080, without success;");
        assertThatThrownBy(() -> tracer.await(trace -> false, SHORT))
                .hasMessageStartingWith("waited 50 ms for the condition, without success;");
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "-9223372036854775808"})
    void shouldTestOnceWithoutTime(long seconds) {
        AtomicInteger tests = new AtomicInteger();

        assertThatThrownBy(() -> tracer.await(trace -> tests.incrementAndGet() < 0, Duration.ofSeconds(seconds)))
                .isInstanceOf(TraceTimeoutException.class)
                .hasMessageStartingWith("waited 0 ms for the condition");
        assertThat(tests).hasValue(1);
    }

    @Test
    void shouldWaitForeverWithTheLongestTime() throws Exception {
        start("sh", "-c", "sleep 0.1; env true");
        assertThat(tracer.awaitProcess("true", Duration.ofSeconds(Long.MAX_VALUE))
                        .name())
                .isEqualTo("true");
    }

    @Test
    void shouldTestOnlyIfSomethingIsNew() throws Exception {
        start("sleep", "77");
        tracer.awaitProcess("sleep", LONG);
        Thread.sleep(200);
        AtomicInteger tests = new AtomicInteger();

        assertThatThrownBy(() -> tracer.await(trace -> tests.incrementAndGet() < 0, Duration.ofMillis(500)))
                .isInstanceOf(TraceTimeoutException.class);
        assertThat(tests)
                .as("at the beginning, at the end, and what the reader had not noticed")
                .hasValueBetween(2, 3);
    }

    @Test
    void shouldThrowWhatTheConditionThrows() {
        RuntimeException mine = new RuntimeException("mine");

        assertThatThrownBy(() -> tracer.await(
                        trace -> {
                            throw mine;
                        },
                        LONG))
                .isSameAs(mine);
    }

    /** A condition may use the tracer, on other threads too, and wait for something else. */
    @Test
    void shouldTestWithoutLocks() throws Exception {
        start("sleep", "77");
        Trace trace = tracer.await(
                outer -> {
                    CompletableFuture<Integer> elsewhere = CompletableFuture.supplyAsync(
                            () -> tracer.trace().processes().size());
                    try {
                        tracer.awaitProcess("sleep", LONG);
                        return elsewhere.get(30, TimeUnit.SECONDS) == 1;
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                },
                LONG);
        assertThat(trace.processes()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "65536"})
    void shouldRefuseWhatIsNoPort(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tracer.awaitListening(port, LONG))
                .withMessage("a port is a number from 1 to 65535, not " + port);
    }

    @Test
    void shouldRefuseWhatCanMatchNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tracer.awaitProcess("/bin/ls", LONG))
                .withMessage("the name of a program is not empty and has no '/', as in \"redis-server\": \"/bin/ls\"");
        assertThatIllegalArgumentException().isThrownBy(() -> tracer.awaitProcess("", LONG));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tracer.awaitConnection("db.test:http", LONG))
                .withMessage("'db.test:http' is not a pattern: a port is a number from 1 to 65535, or *");
    }

    @Test
    void shouldRefuseAClosedTracer() {
        tracer.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> tracer.awaitProcess("sh", LONG))
                .withMessage("the tracer is closed, so that nothing more happens in it; wait before that");
    }

    @Test
    void shouldEndIfTheTracerIsClosedMeanwhile() throws Exception {
        CountDownLatch tested = new CountDownLatch(1);
        FutureTask<Trace> wait = inThread(
                Thread::new,
                () -> tracer.await(
                        trace -> {
                            tested.countDown();
                            return false;
                        },
                        LONG));
        tested.await();
        tracer.close();

        assertThatThrownBy(() -> wait.get(LONG.toSeconds(), TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the tracer was closed while somebody waited for the condition");
    }

    @Test
    void shouldBeInterruptible() throws Exception {
        CountDownLatch tested = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        Thread waiting = new Thread(() -> {
            try {
                tracer.await(
                        trace -> {
                            tested.countDown();
                            return false;
                        },
                        LONG);
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
        });
        waiting.start();
        tested.await();
        waiting.interrupt();
        waiting.join();

        assertThat(interrupted).hasValue(1);
    }

    /** Many wait at once, on virtual threads where there are any; all of them see the same process. */
    @Test
    void shouldLetManyWait() throws Exception {
        List<FutureTask<ProcessSpan>> waits = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            waits.add(inThread(AwaitIT::virtualIfPossible, () -> tracer.awaitProcess("true", LONG)));
        }
        start("sh", "-c", "sleep 0.2; env true");
        for (FutureTask<ProcessSpan> wait : waits) {
            assertThat(wait.get(LONG.toSeconds(), TimeUnit.SECONDS).name()).isEqualTo("true");
        }
    }

    private static <T> FutureTask<T> inThread(Function<Runnable, Thread> make, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        make.apply(task).start();
        return task;
    }

    private static Thread virtualIfPossible(Runnable work) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (Thread) Class.forName("java.lang.Thread$Builder")
                    .getMethod("unstarted", Runnable.class)
                    .invoke(builder, work);
        } catch (ReflectiveOperationException e) {
            return new Thread(work);
        }
    }

    /** From the event to the return of the method, after a time in which nothing has happened. */
    @Test
    void shouldBeQuick() throws Exception {
        List<Long> processes = new ArrayList<>();
        List<Long> listeners = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            try (ProcessTreeTracer one =
                    ProcessTreeTracer.builder().killOnClose(true).open()) {
                int port = freePort();
                one.start(new ProcessBuilder(Snippet.pythonCommand(
                        "time.sleep(0.15); ls = listen('127.0.0.1', int(sys.argv[1])); time.sleep(0.05);"
                                + " os.execlp('sleep', 'sleep', '77')",
                        port)));
                ListenSpan listener = one.awaitListening(port, LONG);
                listeners.add(
                        Duration.between(listener.startTime(), Instant.now()).toNanos() / 1000);
                ProcessSpan sleep = one.awaitProcess("sleep", LONG);
                processes.add(Duration.between(
                                        sleep.execs()
                                                .get(sleep.execs().size() - 1)
                                                .time(),
                                        Instant.now())
                                .toNanos()
                        / 1000);
            }
        }
        System.out.println("await, microseconds after the event: listener " + median(listeners) + ", process "
                + median(processes));
        assertThat(median(listeners)).isLessThan(Patience.millis(50).toNanos() / 1000);
        assertThat(median(processes)).isLessThan(Patience.millis(50).toNanos() / 1000);
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
