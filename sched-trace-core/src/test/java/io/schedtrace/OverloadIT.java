package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.internal.backend.bpf.ProbeInternals;
import io.schedtrace.internal.session.Session;
import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A ring that is far too small: the program is not harmed, and what is missing is known to the last record. */
@KernelTest
class OverloadIT {
    private static final String FORKS = "3000";

    private static Map<String, Long> run(String... arguments) {
        List<String> lines = new ChildJvm().lines(Storm.class, arguments);
        Map<String, Long> numbers = new TreeMap<>();
        lines.stream()
                .filter(line -> line.matches("[a-z ]+: -?\\d+"))
                .forEach(line -> numbers.put(line.split(": ", -1)[0], Long.parseLong(line.split(": ", -1)[1])));
        assertThat(numbers).as(() -> String.join("\n", lines)).isNotEmpty();
        return numbers;
    }

    @Test
    @Tag("kernels")
    void aStormInASmallRingIsCountedExactly() {
        Map<String, Long> numbers = run("65536", "stalled", "300");

        assertThat(numbers.get("exit")).isZero();
        assertThat(numbers.get("lost")).isPositive();
        assertThat(numbers.get("received") + numbers.get("lost")).isEqualTo(numbers.get("made"));
        assertThat(numbers.get("lost told")).isEqualTo(numbers.get("lost"));
        assertThat(numbers.get("unmarked")).isZero();
        assertThat(numbers.get("incomplete")).isPositive();
        assertThat(numbers.get("alive in kernel")).isZero();
    }

    /** The reader keeps up or it does not: either way nothing is lost without a count. */
    @Test
    void aStormWithAReaderIsCountedExactly() {
        Map<String, Long> numbers = run("65536", "read", FORKS);

        assertThat(numbers.get("exit")).isZero();
        assertThat(numbers.get("received") + numbers.get("lost")).isEqualTo(numbers.get("made"));
        assertThat(numbers.get("lost told")).isEqualTo(numbers.get("lost"));
        assertThat(numbers.get("unmarked")).isZero();
    }

    @Test
    void aStormInTheUsualRingIsWhole() {
        Map<String, Long> numbers = run("" + ProbeInternals.DEFAULT_SIZE, "read", FORKS);

        assertThat(numbers.get("exit")).isZero();
        assertThat(numbers.get("lost")).isZero();
        assertThat(numbers.get("received")).isEqualTo(numbers.get("made"));
        assertThat(numbers.get("processes")).isEqualTo(Long.parseLong(FORKS) + 1);
        assertThat(numbers.get("incomplete")).isZero();
    }

    /** {@code RING stalled|read FORKS}: a storm, and what came of it; stalled: nobody reads the ring until it is over. */
    static final class Storm {
        public static void main(String[] arguments) throws Exception {
            AtomicLong told = new AtomicLong();
            AtomicReference<Trace> closed = new AtomicReference<>();
            TraceListener listener = new TraceListener() {
                @Override
                public void recordsLost(Loss loss) {
                    told.set(loss.records());
                }

                @Override
                public void traceClosed(Trace trace) {
                    closed.set(trace);
                }
            };
            try (ProcessTreeTracer tracer = ProcessTreeTracer.builder()
                    .ringSize(Integer.parseInt(arguments[0]))
                    .listener(listener)
                    .open()) {
                Session session = tracer.session();
                Process storm = arguments[1].equals("stalled")
                        ? ProbeInternals.whileNobodyDrains(() -> start(tracer, arguments[2]))
                        : start(tracer, arguments[2]);
                System.out.println("exit: " + storm.waitFor());
                System.out.println("alive in kernel: " + session.feed().processes());
                print(tracer.awaitTree(Traces.LONG), session);
            }
            System.out.println("lost told: " + told.get());
            System.out.println("lost at the end: " + closed.get().loss().records());
        }

        private static Process start(Tracer tracer, String forks) throws Exception {
            ProcessBuilder builder = Traces.quiet(TestPrograms.storm(), "forks", forks);
            builder.environment().clear();
            Process storm = tracer.start(builder);
            storm.waitFor();
            return storm;
        }

        private static void print(Trace trace, Session session) {
            System.out.println("made: " + ProbeInternals.made(session));
            System.out.println("received: " + session.received());
            System.out.println("lost: " + trace.loss().records());
            System.out.println("processes: " + trace.processes().size());
            System.out.println("incomplete: "
                    + trace.processes().stream()
                            .filter(process -> !process.complete())
                            .count());
            System.out.println("unmarked: "
                    + trace.processes().stream()
                            .filter(process -> process.complete() && !whole(process))
                            .count());
        }

        /** As every process of the storm is: started, one exec, an end. */
        private static boolean whole(ProcessSpan process) {
            return process.exit() != null
                    && process.execs().size() == 1
                    && process.exe().endsWith("/storm")
                    && (process.parentSpanId() == null || process.arguments().size() == 3);
        }
    }
}
