package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Needs;
import io.schedtrace.model.Feature;
import io.schedtrace.model.TcpSpan;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@KernelTest
@Tag("kernels")
class JvmScopeIT {
    private final ExecutorService pool = Executors.newSingleThreadExecutor();

    @AfterEach
    void endPool() {
        pool.shutdownNow();
    }

    private static Void run(String mark) throws Exception {
        new ProcessBuilder("true", mark).start().waitFor();
        return null;
    }

    private void onPool(String mark) throws Exception {
        pool.submit(() -> run(mark)).get();
    }

    private static List<String> marks(Tracer tracer) {
        return tracer.processes().stream()
                .map(process -> process.arguments().get(1))
                .toList();
    }

    @Test
    void shouldHaveThreadsThatWereThereBefore() throws Exception {
        onPool("before");
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
            onPool("open, but not for the JVM");
            try (JvmScope scope = tracer.enterJvm()) {
                onPool("pool");
                CompletableFuture.runAsync(() -> unchecked(() -> run("common pool")))
                        .get();
                run("this thread");
            }
            onPool("after");

            assertThat(marks(tracer)).containsExactly("pool", "common pool", "this thread");
        }
    }

    @Test
    void shouldSeeTheConnectionsOfThreadsThatWereThereBefore() throws Exception {
        Needs.feature(Feature.JVM_CONNECTIONS);
        onPool("before");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ProcessTreeTracer tracer = ProcessTreeTracer.builder().open();
                JvmScope scope = tracer.enterJvm()) {
            pool.submit(() -> {
                        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                            socket.getOutputStream().write(new byte[7]);
                        }
                        return null;
                    })
                    .get();

            assertThat(tracer.trace().connections())
                    .filteredOn(connection -> connection.role() == TcpSpan.Role.CLIENT)
                    .singleElement()
                    .satisfies(connection -> {
                        assertThat(connection.peer().getPort()).isEqualTo(server.getLocalPort());
                        assertThat(connection.processSpanId()).isNull();
                    });
        }
    }

    @Test
    void shouldLeaveThreadsToTheirOwnScopes() throws Exception {
        onPool("before");
        try (ProcessTreeTracer ofJvm = ProcessTreeTracer.builder().open();
                ProcessTreeTracer own = ProcessTreeTracer.builder().open();
                JvmScope jvm = ofJvm.enterJvm()) {
            try (ThreadScope scope = own.enter()) {
                run("own");
                Thread made = new Thread(() -> unchecked(() -> run("own, on a new thread")));
                made.start();
                made.join();
                onPool("pool");
            }
            run("jvm");

            assertThat(marks(own)).containsExactly("own", "own, on a new thread");
            assertThat(marks(ofJvm)).containsExactly("pool", "jvm");
        }
    }

    @Test
    void shouldHaveThreadsWhoseTracerIsClosed() throws Exception {
        try (ProcessTreeTracer ofJvm = ProcessTreeTracer.builder().open()) {
            try (ProcessTreeTracer earlier = ProcessTreeTracer.builder().open();
                    JvmScope jvm = ofJvm.enterJvm();
                    ThreadScope scope = earlier.enter()) {
                onPool("earlier");
                assertThat(marks(earlier)).containsExactly("earlier");
            }
            try (JvmScope jvm = ofJvm.enterJvm()) {
                onPool("jvm");
            }
            assertThat(marks(ofJvm)).containsExactly("jvm");
        }
    }

    @Test
    void shouldGiveTheJvmBackToTheTracerThatHadIt() throws Exception {
        onPool("before");
        try (ProcessTreeTracer first = ProcessTreeTracer.builder().open();
                ProcessTreeTracer second = ProcessTreeTracer.builder().open()) {
            JvmScope firstScope = first.enterJvm();
            onPool("1");
            JvmScope secondScope = second.enterJvm();
            onPool("2");
            secondScope.close();
            onPool("3");
            JvmScope thirdScope = second.enterJvm();
            firstScope.close();
            onPool("4");
            thirdScope.close();
            thirdScope.close();
            onPool("nobody's");

            assertThat(marks(first)).containsExactly("1", "3");
            assertThat(marks(second)).containsExactly("2", "4");
        }
    }

    @Test
    void shouldCountEachProcessOnceThatManyThreadsStartAtOnce() throws Exception {
        ExecutorService many = Executors.newFixedThreadPool(8);
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open();
                JvmScope scope = tracer.enterJvm()) {
            List<Future<Void>> runs = new ArrayList<>();
            IntStream.range(0, 400).forEach(i -> runs.add(many.submit(() -> run("n" + i))));
            for (Future<Void> run : runs) {
                run.get();
            }

            assertThat(marks(tracer))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 400).mapToObj(i -> "n" + i).toList());
        } finally {
            many.shutdownNow();
        }
    }

    @Test
    void shouldRefuseAClosedTracer() {
        ProcessTreeTracer closed = ProcessTreeTracer.builder().open();
        closed.close();

        assertThatIllegalStateException().isThrownBy(closed::enterJvm).withMessageContaining("closed");
    }

    private static void unchecked(Callable<Void> action) {
        try {
            action.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
