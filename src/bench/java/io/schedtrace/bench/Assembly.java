package io.schedtrace.bench;

import io.schedtrace.hosts.HostOptions;
import io.schedtrace.internal.assemble.Context;
import io.schedtrace.internal.assemble.SpanAssembler;
import io.schedtrace.internal.assemble.SpanEvents;
import io.schedtrace.internal.assemble.WallClock;
import io.schedtrace.internal.backend.bpf.Recorder;
import io.schedtrace.internal.backend.file.RecordFile;
import io.schedtrace.internal.decode.RecordDecoder;
import io.schedtrace.internal.names.HostNames;
import io.schedtrace.internal.names.HostSources;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.TraceListener;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From the bytes of a recorded ring to an assembled trace, as the reader of a session does it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class Assembly {
    /** What was recorded: {@code processes}, with five arguments each, or {@code connections}, both ends of each. */
    @Param({"processes", "connections"})
    public String work;

    /** Whether names for addresses are looked for too, as a session does it, on another thread. */
    @Param({"false", "true"})
    public boolean withNames;

    /** How many of them. */
    @Param("2000")
    public int count;

    private RecordFile recording;
    private RecordedRing ring;
    private HostNames names;

    /** Counts of one replay, per second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Counts {
        /** Records of the ring. */
        public long records;

        /** Spans of processes and connections that they make. */
        public long spans;
    }

    /** Records the work. */
    @Setup(Level.Trial)
    public void recordWork() throws IOException, InterruptedException {
        Path out = Path.of(System.getProperty("bench.out"));
        List<String> command = work.equals("processes")
                ? List.of("sh", "-c", "seq " + 5 * count + " | xargs -n 5 /bin/true")
                : List.of(out.resolve("connect").toString(), Integer.toString(count));
        recording = Recorder.record(command, 1, true);
        ring = new RecordedRing(recording);
    }

    /** Begins a session. */
    @Setup(Level.Iteration)
    public void open() {
        names = HostNames.open(
                HostOptions.defaults().withResolveCandidates(false),
                HostSources.staticSources(),
                List.of(),
                Thread::new);
        if (!withNames) {
            names.close();
        }
    }

    /** Ends it. */
    @TearDown(Level.Iteration)
    public void close() {
        names.close();
    }

    /** Decodes and assembles all of the ring; the spans are kept until the end. */
    @Benchmark
    public SpanAssembler assemble(Counts counts) {
        SpanAssembler assembler = new SpanAssembler(new Context(
                new TraceId(1, 2),
                null,
                new WallClock(0),
                names,
                new Nobody(),
                new NoSystem(),
                Long.MAX_VALUE,
                true,
                Duration.ZERO));
        RecordDecoder decoder = new RecordDecoder(recording.pageSize());
        ring.replay((bytes, offset, length) -> assembler.accept(decoder.decode(bytes, offset, length)));
        counts.records += ring.records();
        counts.spans += assembler.processes().size() + assembler.connections().size();
        return assembler;
    }

    private record Nobody() implements SpanEvents {
        @Override
        public boolean wanted() {
            return false;
        }

        @Override
        public void publish(Consumer<TraceListener> event) {
            throw new AssertionError("nobody listens");
        }

        @Override
        public boolean publishToAll(Consumer<TraceListener> event) {
            throw new AssertionError("nobody listens");
        }
    }

    private record NoSystem() implements SystemFacts {
        @Override
        public long wallOffsetNanos() {
            return 0;
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }

        @Override
        public String jspawnhelper() {
            return "";
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
        public NetworkInterface networkInterface(int namespace, int index) {
            return null;
        }
    }
}
