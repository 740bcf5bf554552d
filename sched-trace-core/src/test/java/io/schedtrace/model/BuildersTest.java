package io.schedtrace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values and their builders: what is required, what is the default, and what makes two values equal. */
class BuildersTest {
    private static final SpanId ID = new SpanId(7);
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

    /** Methods that set several properties. */
    private static final Set<String> SHORTCUTS = Set.of("parent", "process");

    private static final List<Object> SAMPLES = List.of(
            new TraceId(3, 4),
            new SpanId(5),
            Instant.EPOCH.plusNanos(6),
            Duration.ofNanos(7),
            true,
            8L,
            9,
            "ten",
            new ExitStatus(11),
            Role.SERVER,
            Outcome.RESET,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 12),
            Counters.builder().bytesSent(13).build(),
            Map.of("process_end", 14L),
            Loss.builder().untracked(15).build(),
            Via.REPLAY,
            PEER.getAddress(),
            session().build());

    private static final Map<String, List<?>> LISTS = Map.of(
            "arguments", List.of("x"),
            "execs", List.of(Exec.builder().exe("/bin/x").build()),
            "localHosts", List.of(new HostName("here", "dns")),
            "peerHosts", List.of(new HostName("there", "dns")),
            "processes", List.of(process().build()),
            "connections", List.of(connection().build()),
            "listeners", List.of(listener().build()));

    private static ProcessSpan.Builder process() {
        return ProcessSpan.builder().spanId(ID).pid(1).comm("x");
    }

    private static TcpSpan.Builder connection() {
        return TcpSpan.builder().spanId(ID).peer(PEER);
    }

    private static ListenSpan.Builder listener() {
        return ListenSpan.builder().spanId(ID).address(new InetSocketAddress(0).getAddress());
    }

    private static SessionSpan.Builder session() {
        return SessionSpan.builder().spanId(ID).name("x");
    }

    private static Exec.Builder exec() {
        return Exec.builder().exe("/bin/true").filename("true").arguments(List.of());
    }

    private static Stream<Arguments> setters() {
        return Stream.<Supplier<Object>>of(
                        BuildersTest::process,
                        BuildersTest::connection,
                        BuildersTest::listener,
                        BuildersTest::session,
                        BuildersTest::exec,
                        Counters::builder,
                        Loss::builder,
                        Trace::builder)
                .flatMap(builder -> Arrays.stream(builder.get().getClass().getMethods())
                        .filter(method -> method.getParameterCount() == 1)
                        .filter(method -> method.getDeclaringClass() != Object.class)
                        .filter(method -> !SHORTCUTS.contains(method.getName()))
                        .map(method -> Arguments.of(
                                builder.get().getClass().getDeclaringClass().getSimpleName(),
                                method.getName(),
                                builder,
                                method)));
    }

    @ParameterizedTest(name = "{0}.{1}")
    @MethodSource("setters")
    void shouldGiveBackEveryPropertyAndCompareIt(String type, String name, Supplier<Object> builder, Method setter)
            throws ReflectiveOperationException {
        Object sample = sample(setter);
        Object set = builder.get();
        setter.invoke(set, sample);
        Object value = build(set);
        Object again = builder.get();
        setter.invoke(again, sample);

        assertThat(value.getClass().getMethod(name).invoke(value)).isEqualTo(sample);
        assertThat(value)
                .isEqualTo(build(again))
                .hasSameHashCodeAs(build(again))
                .isNotEqualTo(build(builder.get()));
        assertThat(build(builder.get())).isEqualTo(build(builder.get()));
    }

    private static Object sample(Method setter) {
        Class<?> type = setter.getParameterTypes()[0];
        if (type == List.class) {
            return LISTS.get(setter.getName());
        }
        return SAMPLES.stream()
                .filter(sample -> type.isInstance(sample)
                        || type == long.class && sample instanceof Long
                        || type == boolean.class && sample instanceof Boolean)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no sample for " + setter));
    }

    private static Object build(Object builder) throws ReflectiveOperationException {
        return builder.getClass().getMethod("build").invoke(builder);
    }

    @Test
    void shouldKeepEverythingInANewBuilder() {
        ProcessSpan process = process().cpuTime(Duration.ofMillis(3)).build();
        TcpSpan connection = connection().process(process).build();
        Trace trace = Trace.builder()
                .processes(List.of(process))
                .connections(List.of(connection))
                .build();
        assertThat(process.toBuilder().build()).isEqualTo(process);
        assertThat(connection.toBuilder().build()).isEqualTo(connection);
        assertThat(listener().build().toBuilder().build()).isEqualTo(listener().build());
        assertThat(session().build().toBuilder().build()).isEqualTo(session().build());
        assertThat(trace.toBuilder().build()).isEqualTo(trace);
        assertThat(process.toBuilder().pid(2).build()).isNotEqualTo(process);
        assertThat(process.pid()).isEqualTo(1);
    }

    @Test
    void shouldNotChangeAValueWithItsBuilder() {
        ProcessSpan.Builder builder = process();
        ProcessSpan process = builder.build();
        builder.pid(2);
        assertThat(process.pid()).isEqualTo(1);
    }

    @Test
    void shouldTakeWhatIsMissingFromTheLastExec() {
        Exec exec = Exec.builder()
                .filename("/usr/bin/a-long-name-of-a-program")
                .truncated(true)
                .build();
        ProcessSpan process = ProcessSpan.builder().pid(1).execs(List.of(exec)).build();
        assertThat(process.comm()).isEqualTo("a-long-name-of-");
        assertThat(process.exe()).isEqualTo(exec.exe()).isEqualTo(exec.filename());
        assertThat(process.arguments()).containsExactly(exec.filename());
        assertThat(process.argumentsTruncated()).isTrue();
    }

    @Test
    void shouldKnowNothingThatItWasNotTold() {
        ProcessSpan process = ProcessSpan.builder().pid(1).comm("x").build();
        assertThat(process.running()).isTrue();
        assertThat(process.complete()).isFalse();
        assertThat(process.duration()).isZero();
        assertThat(process.ppid()).isNull();
        assertThat(process.hostPid()).isNull();
        assertThat(process.uid()).isNull();
        assertThat(process.exe()).isNull();
        assertThat(process.cpuTime()).isNull();
        assertThat(process.maxRssBytes()).isNull();
        assertThat(process.threads()).isNull();
        TcpSpan connection = TcpSpan.builder().peer(PEER).build();
        assertThat(connection.outcome()).isEqualTo(Outcome.OPEN);
        assertThat(connection.counters()).isNull();
        assertThat(connection.pid()).isNull();
        assertThat(connection.local().getPort()).isZero();
        assertThat(process.spanId()).isNotEqualTo(connection.spanId());
        assertThat(process.traceId()).isEqualTo(connection.traceId());
    }

    @Test
    void shouldEndWithItsEndTime() {
        ProcessSpan process = process().endTime(Instant.EPOCH.plusMillis(3)).build();
        assertThat(process.duration()).isEqualTo(Duration.ofMillis(3));
        assertThat(process.complete()).isTrue();
        assertThat(connection().endTime(Instant.EPOCH).build().outcome()).isEqualTo(Outcome.CLOSED);
    }

    @Test
    void shouldBelongToItsParentAndOwner() {
        ProcessSpan parent = process().traceId(new TraceId(1, 2)).build();
        ProcessSpan child =
                ProcessSpan.builder().pid(2).comm("y").parent(parent).build();
        TcpSpan connection = TcpSpan.builder().peer(PEER).process(child).build();
        Trace trace = Trace.builder()
                .processes(List.of(parent, child))
                .connections(List.of(connection))
                .build();
        assertThat(trace.traceId()).isEqualTo(new TraceId(1, 2));
        assertThat(trace.roots()).containsExactly(parent);
        assertThat(trace.children(parent)).containsExactly(child);
        assertThat(trace.connections(child)).containsExactly(connection);
        assertThat(child.ppid()).isEqualTo(1);
        assertThat(trace.via()).isEqualTo(Via.BUILT);
    }

    @Test
    void shouldNameWhatIsMissing() {
        assertThatIllegalStateException()
                .isThrownBy(() -> ProcessSpan.builder().comm("x").build())
                .withMessage("ProcessSpan.Builder: pid is not set; call it before build()");
        assertThatIllegalStateException()
                .isThrownBy(() -> ProcessSpan.builder().pid(1).build())
                .withMessage("ProcessSpan.Builder: comm (or execs) is not set; call it before build()");
        assertThatIllegalStateException().isThrownBy(TcpSpan.builder()::build).withMessageContaining("peer");
        assertThatIllegalStateException()
                .isThrownBy(ListenSpan.builder()::build)
                .withMessage("ListenSpan.Builder: address is not set; call it before build()");
        assertThatIllegalStateException()
                .isThrownBy(SessionSpan.builder()::build)
                .withMessageContaining("name");
        assertThatIllegalStateException().isThrownBy(Exec.builder()::build).withMessageContaining("exe (or filename)");
        assertThatIllegalStateException()
                .isThrownBy(() -> Trace.builder()
                        .traceId(new TraceId(1, 2))
                        .processes(List.of(process().build()))
                        .build())
                .withMessageContaining("span 0000000000000007 belongs to trace 00000000000000000000000000000001");
    }
}
