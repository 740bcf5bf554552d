package io.schedtrace.internal.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.HostOptions;
import io.schedtrace.internal.names.HostNames;
import io.schedtrace.internal.record.KernelRecord;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.TraceListener;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** The spans of a recording of {@link Recording#COMMAND}. */
final class RecordingReader implements SpanEvents, SystemFacts, AutoCloseable {
    private final HostNames names =
            HostNames.open(HostOptions.defaults().withResolveCandidates(false), List.of(), List.of());
    private final String jspawnhelper;
    private final SpanAssembler assembler;

    RecordingReader(List<byte[]> records) {
        List<KernelRecord> decoded = records.stream().map(Recording::decode).toList();
        jspawnhelper = decoded.stream()
                .filter(record ->
                        record instanceof KernelRecord.Exec exec && exec.path().endsWith("/jspawnhelper"))
                .map(record -> ((KernelRecord.Exec) record).path())
                .findFirst()
                .orElse("");
        assembler = new SpanAssembler(RecordScript.TRACE, null, new WallClock(0), names, this, this);
        decoded.forEach(assembler::accept);
    }

    List<ProcessSpan> processes() {
        return assembler.processes();
    }

    List<TcpSpan> connections() {
        return assembler.connections();
    }

    /** Asserts what the command does by its own words. */
    void assertWhole() {
        ProcessSpan make = processes().get(0);
        assertThat(make.spanId()).isEqualTo(new SpanId(77));
        assertThat(make.arguments()).isEqualTo(Recording.COMMAND);
        assertThat(make.exit()).hasToString("exit 2");
        assertThat(processes()).allMatch(ProcessSpan::complete);
        assertThat(processes()).extracting(ProcessSpan::name).contains("make", "ls", "wc", "python3", "sh");
        assertThat(named("ls").parentSpanId()).isEqualTo(named("wc").parentSpanId());
        assertThat(processes())
                .filteredOn(span -> "exit 3".equals(String.valueOf(span.exit())))
                .singleElement()
                .satisfies(span -> {
                    assertThat(span.parentSpanId()).isEqualTo(make.spanId());
                    assertThat(span.arguments()).endsWith("exit 3");
                });
        assertConnections(named("python3"));
    }

    private void assertConnections(ProcessSpan owner) {
        assertThat(connections()).hasSize(3).allMatch(TcpSpan::complete);
        assertThat(connections()).extracting(TcpSpan::processSpanId).containsOnly(owner.spanId());
        TcpSpan client = connections().get(0);
        TcpSpan server = connections().get(1);
        TcpSpan refused = connections().get(2);
        assertThat(server.role()).isEqualTo(Role.SERVER);
        assertThat(server.parentSpanId()).isEqualTo(client.spanId());
        assertThat(client.counters().bytesSent())
                .isEqualTo(1000)
                .isEqualTo(server.counters().bytesReceived());
        assertThat(client.outcome()).isEqualTo(Outcome.CLOSED);
        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.peer().getPort()).isEqualTo(1);
    }

    private ProcessSpan named(String name) {
        return processes().stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public boolean wanted() {
        return false;
    }

    @Override
    public void publish(Consumer<TraceListener> event) {
        throw new AssertionError("nobody listens");
    }

    @Override
    public long pageSize() {
        return 4096;
    }

    @Override
    public long monotonicNanos() {
        return Long.MAX_VALUE / 2;
    }

    @Override
    public String jspawnhelper() {
        return jspawnhelper;
    }

    @Override
    public List<String> commandLine(long pid) {
        return List.of();
    }

    @Override
    public String program(long pid) {
        return "";
    }

    @Override
    public Duration settleTime() {
        return Duration.ZERO;
    }

    @Override
    public void close() {
        names.close();
    }
}
