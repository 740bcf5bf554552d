package io.schedtrace.junit;

import static io.schedtrace.junit.Runs.failure;
import static io.schedtrace.junit.Runs.keep;
import static io.schedtrace.junit.Runs.mark;
import static io.schedtrace.junit.Runs.trace;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.opentest4j.TestAbortedException;

/** What a test leaves behind in files and failures. */
@KernelTest
class ReportsIT {
    @TempDir
    Path reports;

    @Retention(RetentionPolicy.RUNTIME)
    @TraceProcesses(alwaysReport = true)
    @interface Audited {}

    @Audited
    static class Passes {
        @Test
        void passes(Tracer tracer) {
            keep("passes", tracer);
            mark("one");
        }

        @Test
        void passes(Tracer tracer, TestInfo info) {
            mark("two");
        }
    }

    @Test
    void shouldWriteReportsOfTestsThatPassIfAskedTo() throws Exception {
        EngineExecutionResults results = Runs.run(reports, Passes.class);

        results.testEvents().assertStatistics(s -> s.succeeded(2));
        Path directory = reports.resolve(Passes.class.getName());
        Path json = directory.resolve("passes(Tracer).json");
        assertThat(directory.resolve("passes(Tracer).txt"))
                .hasContent(trace("passes").toString() + '\n');
        assertThat(directory.resolve("passes(Tracer,TestInfo).txt")).exists();
        assertThat(Files.readAllLines(json)).hasSize(4);
        assertThat(directory.resolve("passes(Tracer).html"))
                .content()
                .contains("true one")
                .endsWith("</html>\n");
        assertThat(json)
                .content()
                .contains("{\"type\":\"session\",\"trace_id\":\""
                        + trace("passes").traceId())
                .contains("\"name\":\"passes(Tracer)\"")
                .contains("\"args\":[\"true\",\"one\"]");
        assertThat(results.allEvents().reportingEntryPublished().stream()
                        .map(event ->
                                event.getRequiredPayload(ReportEntry.class).getKeyValuePairs()))
                .anySatisfy(pairs -> assertThat(pairs)
                        .containsEntry("sched-trace.json", json.toString())
                        .containsEntry("sched-trace.html", json.toString().replace(".json", ".html"))
                        .containsEntry(
                                "sched-trace.trace", trace("passes").traceId().toString()));
    }

    @TraceProcesses
    static class Fails {
        @BeforeAll
        static void server() {
            mark("server");
        }

        @Test
        void fails() {
            mark("culprit");
            throw new IllegalStateException("the test's own failure");
        }

        @Test
        void aborted() {
            throw new TestAbortedException("not today");
        }
    }

    @Test
    void shouldShowTheTreeWithTheFailure() {
        EngineExecutionResults results = Runs.run(reports, Fails.class);

        results.testEvents().assertStatistics(s -> s.failed(1).aborted(1));
        Throwable failure = failure(results);
        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("the test's own failure");
        assertThat(failure.getSuppressed())
                .singleElement()
                .satisfies(tree -> assertThat(tree.toString())
                        .startsWith("processes and connections, as in " + reports + "/" + Fails.class.getName()
                                + "/fails.txt, .json and .html\nfails()  ")
                        .contains("\n└─ true culprit  [")
                        .contains("\nof the class, up to now:\nReportsIT$Fails  ")
                        .contains("\n└─ true server  ["));
        assertThat(reports.resolve(Fails.class.getName()))
                .isDirectoryContaining("glob:**/fails.json")
                .isDirectoryContaining("glob:**/class.txt")
                .isDirectoryNotContaining("glob:**/aborted*");
    }

    @TraceProcesses
    static class FailsEarly {
        FailsEarly() {
            mark("constructor");
            throw new IllegalStateException("no instance");
        }

        @Test
        void never() {}
    }

    @Test
    void shouldShowTheTreeOfAFailedConstructor() {
        Throwable failure = failure(Runs.run(reports, FailsEarly.class));
        assertThat(failure).hasStackTraceContaining("no instance");
        assertThat(failure.getSuppressed()).singleElement().asString().contains("true constructor");
    }

    @Test
    void shouldSayThatAReportCannotBeWritten() throws Exception {
        Path file = Files.writeString(reports.resolve("file"), "");
        Throwable failure = failure(Runs.run(file, Fails.class));
        assertThat(failure.getSuppressed()[0].toString())
                .startsWith("processes and connections, no report: java.nio.file.");
    }
}
