package io.schedtrace.internal.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.internal.decode.MalformedRecordException;
import io.schedtrace.internal.decode.RecordDecoder;
import io.schedtrace.lab.Recording;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Recorded records in any order, any number of times, cut off anywhere, with anything in any of their fields: what is no
 * record is refused, and the rest makes a trace that can be shown and is no larger than what was read. The build runs the
 * seeds; {@code JAZZER_FUZZ=1 mvn test -Dtest=RecordsFuzzTest} makes more of them for five minutes.
 */
class RecordsFuzzTest {
    private static final int MOST_STEPS = 300;
    private static final List<byte[]> RECORDS = Recording.read().records();

    /**
     * Scripts. A step is the number of a record, how many changes to it, how many bytes to cut off, and each change: where (two
     * bytes) and eight bytes.
     */
    static Stream<Arguments> seeds() {
        int all = RECORDS.size();
        ByteArrayOutputStream forwards = new ByteArrayOutputStream();
        ByteArrayOutputStream backwards = new ByteArrayOutputStream();
        IntStream.range(0, all).forEach(i -> forwards.writeBytes(step(i)));
        IntStream.range(0, all).forEach(i -> backwards.writeBytes(step(all - 1 - i)));
        return Stream.concat(
                Stream.of(forwards.toByteArray(), backwards.toByteArray(), launchedTwice())
                        .map(script -> Arguments.of((Object) script)),
                IntStream.range(0, all).boxed().flatMap(RecordsFuzzTest::seedsOf));
    }

    /** A process that is its own parent, a record of all ones, one that claims to be longer or shorter. */
    private static Stream<Arguments> seedsOf(int record) {
        long process = ByteBuffer.wrap(RECORDS.get(record))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong(RecordLayout.Header.PROCESS);
        return Stream.of(
                        change(record, RecordLayout.Header.SIZEOF, process),
                        change(record, RecordLayout.Header.SIZEOF, -1),
                        change(record, RecordLayout.Header.SIZE, 1 << 20),
                        change(record, RecordLayout.ProcessExec.ARGS_LEN, Integer.MAX_VALUE),
                        change(record, RecordLayout.ProcessExec.PATHS_FILENAME_LEN, -1))
                .map(script -> Arguments.of((Object) script));
    }

    /** Two processes with the span that was chosen for the first, the one the child of the other. */
    private static byte[] launchedTwice() {
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        script.writeBytes(step(0));
        byte[] child = change(0, RecordLayout.Header.PROCESS, 9);
        child[1] = 2;
        script.writeBytes(child);
        script.writeBytes(Arrays.copyOfRange(change(0, RecordLayout.ProcessStart.PARENT, 1), 3, 13));
        return script.toByteArray();
    }

    private static byte[] step(int record) {
        return new byte[] {(byte) record, 0, 0};
    }

    private static byte[] change(int record, int at, long value) {
        return ByteBuffer.allocate(13)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) record)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) at)
                .putLong(value)
                .array();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5m")
    void takesAnything(byte[] data) {
        ByteBuffer script = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        long bytes = 0;
        int taken = 0;
        RecordDecoder decoder = new RecordDecoder(4096);
        try (RecordScript reader = new RecordScript()) {
            reader.listeners.add(new TraceListener() {});
            for (int step = 0; step < MOST_STEPS && script.remaining() >= 3; step++) {
                byte[] record =
                        RECORDS.get((script.get() & 0xff) % RECORDS.size()).clone();
                int changes = script.get() & 0xff;
                int length = Math.max(0, record.length - (script.get() & 0xff) * 8);
                for (int i = 0; i < changes && script.remaining() >= 10; i++) {
                    int at = (script.getShort() & 0xffff) % (record.length - 7);
                    script.get(record, at, 8);
                }
                taken += accepted(reader, decoder, record, length) ? 1 : 0;
                bytes += record.length;
            }
            show(reader.assembler, taken, bytes);
        }
    }

    private static boolean accepted(RecordScript reader, RecordDecoder decoder, byte[] record, int length) {
        ByteBuffer ring = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN).limit(length);
        try {
            reader.assembler.accept(decoder.decode(ring, 0, length));
            return true;
        } catch (MalformedRecordException e) {
            return false;
        }
    }

    private static void show(SpanAssembler assembler, int taken, long bytes) {
        Trace trace = Trace.builder()
                .traceId(RecordScript.TRACE)
                .processes(assembler.processes())
                .connections(assembler.connections())
                .build();
        assertThat(trace.processes().size() + trace.connections().size()).isLessThanOrEqualTo(taken);
        for (ProcessSpan process : trace.processes()) {
            assertThat(process.arguments().stream().mapToLong(String::length).sum())
                    .isLessThanOrEqualTo(bytes);
        }
        assertThat(below(trace)).containsExactlyInAnyOrderElementsOf(trace.processes());
        assertThat(trace.toString().codePoints().filter(c -> c != '\n').allMatch(c -> c >= ' ' && c != 127))
                .isTrue();
    }

    /** Every process that the tree shows, as often as it does. */
    private static List<ProcessSpan> below(Trace trace) {
        List<ProcessSpan> found = new ArrayList<>();
        List<ProcessSpan> level = trace.roots();
        while (!level.isEmpty() && found.size() <= trace.processes().size()) {
            found.addAll(level);
            level = level.stream()
                    .flatMap(process -> trace.children(process).stream())
                    .toList();
        }
        return found;
    }
}
