package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceParent;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of tests in JVMs of their own that are part of one trace, as shards of a build are. */
@KernelTest
class OneTraceIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";

    @TempDir
    Path reports;

    /** Tells of each trace: its id, the parent of its session, and the parents of its processes. */
    @TraceProcesses
    static class Tests {
        @Test
        void one(Tracer tracer) throws Exception {
            tell(tracer);
        }

        @Test
        void other(Tracer tracer) throws Exception {
            tell(tracer);
        }

        @AfterAll
        static void after(Tracer tracer) throws Exception {
            tell(tracer);
        }

        private static void tell(Tracer tracer) throws Exception {
            new ProcessBuilder("true").start().waitFor();
            Trace trace = tracer.trace();
            assertThat(trace.processes())
                    .singleElement()
                    .satisfies(process -> assertThat(process.parentSpanId())
                            .isEqualTo(Objects.requireNonNull(trace.session()).spanId()));
            System.out.println("trace " + trace.traceId() + ' '
                    + Objects.requireNonNull(trace.session()).parentSpanId());
        }
    }

    private List<String> run(String traceparent) throws Exception {
        String output = new ChildJvm()
                .option("-D" + TraceProcesses.REPORT_DIRECTORY + "=" + reports)
                .require()
                .variable(TraceParent.VARIABLE, traceparent)
                .run(Tests.class);
        assertThat(output).contains("SUCCESSFUL one(Tracer)", "SUCCESSFUL other(Tracer)");
        return output.lines()
                .filter(line -> line.startsWith("trace ") || line.contains("TRACEPARENT"))
                .toList();
    }

    @Test
    void shouldContinueTheTraceOfTheEnvironment() throws Exception {
        for (int shard = 0; shard < 2; shard++) {
            assertThat(run("00-" + TRACE + "-" + SPAN + "-01")).hasSize(3).containsOnly("trace " + TRACE + ' ' + SPAN);
        }
    }

    @Test
    void shouldHaveATraceForEachTestOtherwise() throws Exception {
        assertThat(run("")).hasSize(3).doesNotHaveDuplicates().allMatch(line -> line.endsWith(" null"));
    }

    @Test
    void shouldSayThatItIgnoresAMalformedTraceparent() throws Exception {
        List<String> lines = run("nonsense");
        assertThat(lines).hasSize(4).doesNotHaveDuplicates();
        assertThat(lines)
                .filteredOn(line -> line.contains("TRACEPARENT"))
                .singleElement()
                .asString()
                .contains("TRACEPARENT is ignored: a traceparent has 55 characters, not 8");
    }
}
