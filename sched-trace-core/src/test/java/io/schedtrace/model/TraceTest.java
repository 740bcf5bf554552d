package io.schedtrace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.schedtrace.lab.Spans;
import io.schedtrace.model.TcpSpan.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TraceTest {
    private static final TraceId ID = new TraceId(0, 1);

    private final ProcessSpan shell = process(1, null, true);
    private final ProcessSpan first = process(2, 1L, true);
    private final ProcessSpan second = process(3, 1L, true);
    private final ProcessSpan below = process(4, 2L, true);
    private final TcpSpan connection = connection(5, 2L);

    @Test
    void shouldKnowWhoIsUnderWhom() {
        Trace trace = trace(Loss.NONE, List.of(shell, first, second, below), List.of(connection));

        assertThat(trace.root()).isEqualTo(shell);
        assertThat(trace.roots()).containsExactly(shell);
        assertThat(trace.children(shell)).containsExactly(first, second);
        assertThat(trace.children(below)).isEmpty();
        assertThat(trace.connections(first)).containsExactly(connection);
        assertThat(trace.connections(second)).isEmpty();
        assertThat(trace.process(new SpanId(4))).isEqualTo(below);
        assertThat(trace.process(new SpanId(99))).isNull();
        assertThat(trace.isComplete()).isTrue();
    }

    @Test
    void shouldPutListenersBeforeConnections() {
        ListenSpan listener = ListenSpan.builder()
                .process(first)
                .address(InetAddress.getLoopbackAddress())
                .endTime(Instant.EPOCH)
                .build();
        ListenSpan own = listener.toBuilder()
                .spanId(new SpanId(8))
                .parentSpanId(null)
                .processSpanId(null)
                .endTime(null)
                .complete(false)
                .build();
        Trace trace = trace(Loss.NONE, List.of(shell, first, below), List.of(connection)).toBuilder()
                .listeners(List.of(listener, own))
                .build();

        assertThat(trace.listeners(first)).containsExactly(listener);
        assertThat(trace.listeners(shell)).isEmpty();
        assertThat(trace.below(first)).containsExactly(listener, connection, below);
        assertThat(trace.below(listener)).isEmpty();
        assertThat(trace.top()).containsExactly(own, shell);
        assertThat(trace.isComplete()).as("though this JVM still listens").isTrue();
        ListenSpan left = listener.toBuilder().endTime(null).complete(false).build();
        assertThat(trace.toBuilder().listeners(List.of(left)).build().isComplete())
                .isFalse();
    }

    @Test
    void shouldTakeAProcessWhoseParentIsElsewhereForARoot() {
        Trace trace = trace(Loss.NONE, List.of(process(7, 99L, true), shell), List.of());
        assertThat(trace.roots()).extracting(ProcessSpan::pid).containsExactly(7L, 1L);
    }

    @Test
    void shouldKeepConnectionsOfTheTestItself() {
        Trace trace = trace(Loss.NONE, List.of(shell), List.of(connection(5, null)));
        assertThat(trace.connections()).hasSize(1);
        assertThat(trace.connections(shell)).isEmpty();
    }

    @Test
    void shouldBeEmptyWithoutProcesses() {
        Trace trace = trace(Loss.NONE, List.of(), List.of());
        assertThat(trace.root()).isNull();
        assertThat(trace.roots()).isEmpty();
        assertThat(trace.isComplete()).isTrue();
        assertThat(trace).hasToString("0 processes, 0 connections, trace " + ID);
    }

    @Test
    void shouldBeIncompleteIfAnythingIsMissing() {
        List<ProcessSpan> all = List.of(shell);
        assertThat(trace(Loss.NONE, List.of(process(1, null, false)), List.of()).isComplete())
                .isFalse();
        assertThat(trace(Loss.builder().recordsByType(Map.of("exec_data", 1L)).build(), all, List.of())
                        .isComplete())
                .isFalse();
        assertThat(trace(Loss.builder().untracked(1).build(), all, List.of()).isComplete())
                .isFalse();
        assertThat(trace(Loss.builder().truncated(1).build(), all, List.of()).isComplete())
                .isTrue();
    }

    @Test
    void shouldNotChangeAfterwards() {
        List<ProcessSpan> processes = new ArrayList<>(List.of(shell));
        Trace trace = trace(Loss.NONE, processes, List.of());
        processes.clear();
        assertThat(trace.processes()).containsExactly(shell);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> trace.processes().clear());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> trace.roots().clear());
    }

    @Test
    void shouldBeATreeForPeople() {
        assertThat(trace(Loss.NONE, List.of(shell, first), List.of()).toString().lines())
                .containsExactly(
                        "p1 (fork)  [1] 1.00 s",
                        "└─ p2 (fork)  [2] 1.00 s",
                        "2 processes, 0 connections, trace 00000000000000000000000000000001");
    }

    private static Trace trace(Loss loss, List<ProcessSpan> processes, List<TcpSpan> connections) {
        return Trace.builder()
                .traceId(ID)
                .processes(processes)
                .connections(connections)
                .loss(loss)
                .build();
    }

    private static ProcessSpan process(long id, @Nullable Long parent, boolean complete) {
        return ProcessSpan.builder()
                .traceId(ID)
                .spanId(new SpanId(id))
                .parentSpanId(parent == null ? null : new SpanId(parent))
                .pid(id)
                .comm("p" + id)
                .endTime(Instant.EPOCH.plusSeconds(1))
                .exit(new ExitStatus(0))
                .complete(complete)
                .build();
    }

    private static TcpSpan connection(long id, @Nullable Long owner) {
        SpanId process = owner == null ? null : new SpanId(owner);
        return TcpSpan.builder()
                .traceId(ID)
                .spanId(new SpanId(id))
                .parentSpanId(process)
                .processSpanId(process)
                .peer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 2))
                .endTime(Instant.EPOCH)
                .outcome(Outcome.REFUSED)
                .error("ECONNREFUSED")
                .build();
    }

    @Test
    void shouldCutTheTreeOfItsText() {
        Object[] many = IntStream.rangeClosed(1, 300)
                .mapToObj(i -> Spans.process(i, i <= 100 ? "true" : "p" + i).build())
                .toArray();
        Trace trace = Spans.trace(many);
        assertThat(trace.toString().lines()).hasSize(62).contains("true  [1..100] x 100", "… 141 more are left out");
        assertThat(TreeText.plain().format(trace).lines()).hasSize(301);
    }
}
