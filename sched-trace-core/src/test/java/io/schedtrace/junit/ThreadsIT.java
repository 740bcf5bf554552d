package io.schedtrace.junit;

import static io.schedtrace.junit.Runs.keep;
import static io.schedtrace.junit.Runs.mark;
import static io.schedtrace.junit.Runs.marks;
import static io.schedtrace.junit.Runs.trace;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Which threads belong to a test. */
@KernelTest
class ThreadsIT {
    @TempDir
    Path reports;

    @TraceProcesses
    static class OwnThreads {
        @Test
        void makesThreads(Tracer tracer) throws Exception {
            keep("threads", tracer);
            Thread thread = new Thread(() -> mark("thread"));
            thread.start();
            thread.join();
            ExecutorService executor = Executors.newFixedThreadPool(2);
            executor.submit(() -> mark("executor")).get();
            executor.shutdown();
            Runtime.getRuntime().exec(new String[] {"true", "runtime"}).waitFor();
            Thread outer = new Thread(() -> {
                Thread inner = new Thread(() -> mark("inner"));
                inner.start();
                try {
                    inner.join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            outer.start();
            outer.join();
            Process child = tracer.start(new ProcessBuilder("sh", "-c", "echo $TRACEPARENT"));
            String traceparent = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            ProcessSpan shell = tracer.awaitTree(java.time.Duration.ofSeconds(30)).processes().stream()
                    .filter(process -> process.name().equals("sh"))
                    .findFirst()
                    .orElseThrow();
            assertThat(traceparent.trim()).isEqualTo("00-" + tracer.traceId() + '-' + shell.spanId() + "-01");
            assertThat(shell.parentSpanId()).isEqualTo(tracer.trace().session().spanId());
        }
    }

    @Test
    void shouldTraceWhatThreadsOfTheTestStart() {
        Runs.pass(reports, 1, OwnThreads.class);
        assertThat(marks("threads")).containsExactly("thread", "executor", "runtime", "inner");
    }

    @TraceProcesses
    static class OwnSockets {
        static int port;

        @Test
        void connects(Tracer tracer) throws Exception {
            keep("sockets", tracer);
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = server.getLocalPort();
                Thread client = new Thread(() -> {
                    try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                        socket.getOutputStream().write(new byte[1234]);
                    } catch (java.io.IOException e) {
                        throw new AssertionError(e);
                    }
                });
                client.start();
                try (Socket accepted = server.accept()) {
                    assertThat(accepted.getInputStream().readAllBytes()).hasSize(1234);
                }
                client.join();
            }
        }
    }

    @Test
    void shouldTraceSocketsOfTheTestItself() {
        Runs.pass(reports, 1, OwnSockets.class);
        Trace trace = trace("sockets");
        assertThat(trace.processes()).isEmpty();
        assertThat(trace.connections()).hasSize(2).allSatisfy(connection -> {
            assertThat(connection.processSpanId()).isNull();
            assertThat(connection.pid()).isEqualTo(ProcessHandle.current().pid());
        });
        TcpSpan client = trace.connections().stream()
                .filter(connection -> connection.role() == TcpSpan.Role.CLIENT)
                .findFirst()
                .orElseThrow();
        assertThat(client.peer().getPort()).isEqualTo(OwnSockets.port);
        assertThat(client.counters().bytesSent()).isEqualTo(1234);
        assertThat(client.parentSpanId()).isEqualTo(trace.session().spanId());
        assertThat(trace.toString()).startsWith("connects(Tracer)  ").contains("\n├─ →", "\n└─ ←");
    }

    /** An executor as a client library keeps it: made by whoever comes first, for all. */
    @TraceProcesses
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class SharedExecutor {
        static ExecutorService cached;

        @Test
        @Order(1)
        void makesTheThread(Tracer tracer) throws Exception {
            keep("maker", tracer);
            cached = Executors.newCachedThreadPool();
            cached.submit(() -> mark("maker")).get();
        }

        @Test
        @Order(2)
        void usesTheThread(Tracer tracer) throws Exception {
            keep("user", tracer);
            cached.submit(() -> mark("user by pool")).get();
            mark("user itself");
        }
    }

    @Test
    void shouldTraceWhatAThreadOfAnEarlierTestStarts() {
        Runs.pass(reports, 2, SharedExecutor.class);
        SharedExecutor.cached.shutdownNow();
        assertThat(marks("maker")).containsExactly("maker");
        assertThat(marks("user")).containsExactly("user by pool", "user itself");
    }

    @TraceProcesses
    static class OlderThread {
        static ExecutorService older;

        @Test
        void usesTheThread(Tracer tracer) throws Exception {
            keep("user", tracer);
            older.submit(() -> mark("user by pool")).get();
            mark("user itself");
        }
    }

    @Test
    void shouldTraceWhatAThreadFromBeforeAllTestsStarts() throws Exception {
        OlderThread.older = Executors.newSingleThreadExecutor();
        OlderThread.older.submit(() -> {}).get();
        Runs.pass(reports, 1, OlderThread.class);
        OlderThread.older.shutdown();
        assertThat(marks("user")).containsExactly("user by pool", "user itself");
    }

    /** Blocks as {@code Process.waitFor} does since Java 19: the pool is told, and makes another worker. */
    @TraceProcesses
    static class Blocks implements ForkJoinPool.ManagedBlocker {
        static CountDownLatch other;

        @Test
        void blocks(Tracer tracer) throws Exception {
            keep("blocks", tracer);
            assertThat(isReleasable())
                    .as("the only worker runs the class that was selected last first")
                    .isFalse();
            mark("blocks");
            ForkJoinPool.managedBlock(this);
        }

        @Override
        public boolean block() throws InterruptedException {
            assertThat(other.await(30, TimeUnit.SECONDS)).isTrue();
            return true;
        }

        @Override
        public boolean isReleasable() {
            return other.getCount() == 0;
        }
    }

    static class RunsMeanwhile {
        @Test
        void works() {
            mark("untraced");
            Blocks.other.countDown();
        }
    }

    @Test
    void shouldNotTraceTheTestOfAWorkerMadeByABlockedTest() {
        Blocks.other = new CountDownLatch(1);
        Map<String, String> parallel = Map.of(
                "junit.jupiter.execution.parallel.enabled", "true",
                "junit.jupiter.execution.parallel.mode.default", "concurrent",
                "junit.jupiter.execution.parallel.config.strategy", "fixed",
                "junit.jupiter.execution.parallel.config.fixed.parallelism", "1");
        assertThat(Runs.launch(reports, parallel, RunsMeanwhile.class, Blocks.class)
                        .getTestsSucceededCount())
                .isEqualTo(2);
        assertThat(marks("blocks")).containsExactly("blocks");
    }

    @TraceProcesses
    static class VirtualThreads {
        @Test
        void startsProcesses(Tracer tracer) throws Exception {
            keep("virtual", tracer);
            Thread exact = virtual(() -> {
                try {
                    tracer.start(new ProcessBuilder("true", "by the tracer")).waitFor();
                } catch (java.io.IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            exact.join();
            virtual(() -> mark("by the carrier")).join();
        }
    }

    private static Thread virtual(Runnable task) throws ReflectiveOperationException {
        return (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
    }

    /** Makes every carrier thread there will be, before the test: so many virtual threads that all run at once. */
    private static void makeCarriers() throws Exception {
        int carriers = Runtime.getRuntime().availableProcessors();
        AtomicInteger running = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < carriers; i++) {
            threads.add(virtual(() -> {
                running.incrementAndGet();
                while (running.get() < carriers) {
                    Thread.onSpinWait();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void shouldTraceWhatVirtualThreadsStart() throws Exception {
        makeCarriers();
        Runs.pass(reports, 1, VirtualThreads.class);
        assertThat(marks("virtual")).containsExactly("by the tracer", "by the carrier");
    }

    /** JUnit's pool runs untraced tests on the thread of a traced one that waits, as a join() does. */
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class Stolen {
        static final Set<String> RAN_BY = ConcurrentHashMap.newKeySet();

        @Test
        @TraceProcesses(allowConnections = {})
        void waits(Tracer tracer) {
            keep("waits", tracer);
            mark("own");
            ForkJoinTask.helpQuiesce();
            mark("own again");
        }

        private static void untraced() {
            RAN_BY.add(Thread.currentThread().getName());
            mark("untraced");
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
            } catch (java.io.IOException e) {
                assertThat(e).hasMessageContaining("refused");
            }
        }

        @Test
        void a() {
            untraced();
        }

        @Test
        void b() {
            untraced();
        }

        @Test
        void c() {
            untraced();
        }
    }

    @Test
    void shouldNotTraceUntracedTestsThatRunOnTheThreadOfAWaitingTest() {
        Map<String, String> parallel = Map.of(
                "junit.jupiter.execution.parallel.enabled", "true",
                "junit.jupiter.execution.parallel.mode.default", "concurrent",
                "junit.jupiter.execution.parallel.config.strategy", "fixed",
                "junit.jupiter.execution.parallel.config.fixed.parallelism", "1");
        TestExecutionSummary summary = Runs.launch(reports, parallel, Stolen.class);
        assertThat(summary.getFailures()).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isEqualTo(4);
        assertThat(Stolen.RAN_BY).hasSize(1);
        assertThat(marks("waits")).containsExactly("own", "own again");
        assertThat(trace("waits").connections()).isEmpty();
    }
}
