package io.schedtrace;

import static io.schedtrace.lab.Traces.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.Exec;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Arguments, whatever they are made of. */
@KernelTest
@Tag("kernels")
class ArgumentsIT {
    private static final int LIMIT = 512 * 1024;

    private static Exec last(ProcessSpan process) {
        return process.execs().get(process.execs().size() - 1);
    }

    @Test
    void aHundredKilobytesArriveWhole() throws Exception {
        String big = "x".repeat(100_000);
        ProcessSpan process = root(Traces.of("true", big, "after"));

        assertThat(process.arguments()).containsExactly("true", big, "after");
        assertThat(process.argumentsTruncated()).isFalse();
    }

    @Test
    void fiveHundredArgumentsArriveWhole() throws Exception {
        List<String> command = new ArrayList<>(List.of("true"));
        IntStream.range(0, 500).forEach(i -> command.add("argument " + i));
        ProcessSpan process = root(Traces.of(command.toArray(String[]::new)));

        assertThat(process.arguments()).isEqualTo(command);
        assertThat(process.argumentsTruncated()).isFalse();
    }

    /** Around every boundary of the parts in which the kernel side moves them. */
    @Test
    void lengthsAroundTheBoundariesArriveWhole() throws Exception {
        for (int boundary : new int[] {512, 2048, 16_384, 32_768, 65_536}) {
            for (int length = boundary - 24; length <= boundary + 8; length += 8) {
                Trace trace = Traces.of(TestPrograms.execs(), "long", "/bin/true", "1", "" + length, "0");
                assertThat(last(root(trace)).arguments().get(1)).hasSize(length);
                assertThat(trace.isComplete()).isTrue();
                assertThat(trace.loss()).isEqualTo(Loss.NONE);
            }
        }
    }

    @Test
    void argumentsBeyondTheLimitAreCutAndFlagged() throws Exception {
        Trace trace = Traces.of(TestPrograms.execs(), "long", "/bin/true", "10", "100000", "0");

        Exec exec = last(root(trace));
        assertThat(exec.truncated()).isTrue();
        assertThat(root(trace).argumentsTruncated()).isTrue();
        assertThat(length(exec.arguments())).isEqualTo(LIMIT);
        assertThat(exec.arguments().subList(0, 6))
                .extracting(String::length)
                .containsExactly(4, 100_000, 100_000, 100_000, 100_000, 100_000);
        assertThat(exec.arguments().get(6)).matches("g+");
        assertThat(trace.loss().truncated()).isEqualTo(1);
        assertThat(trace.isComplete()).isTrue();
    }

    private static int length(List<String> arguments) {
        int nuls = arguments.size() - 1;
        return arguments.stream().mapToInt(String::length).sum() + nuls;
    }

    /** The environment comes after the arguments: a long one takes nothing from them. */
    @Test
    void aLongEnvironmentLeavesTheArgumentsWhole() throws Exception {
        Trace trace = Traces.of(TestPrograms.execs(), "long", "/bin/true", "5", "100000", "100000");

        Exec exec = last(root(trace));
        assertThat(exec.truncated()).isFalse();
        assertThat(exec.arguments()).hasSize(6);
        assertThat(exec.arguments().get(5)).hasSize(100_000);
        assertThat(trace.loss().truncated()).isEqualTo(1);
    }

    @Test
    void argumentsOfExactlyTheLimitAreWhole() throws Exception {
        int each = LIMIT / 8 - 1;
        Trace trace = Traces.of(TestPrograms.execs(), "long", "/bin/true", "8", "" + each, "0");
        assertThat(last(root(trace)).truncated()).isTrue();

        Trace whole = Traces.of(TestPrograms.execs(), "long", "/bin/true", "7", "" + each, "0");
        assertThat(last(root(whole)).truncated()).isFalse();
        assertThat(last(root(whole)).arguments()).hasSize(8);
    }

    /** Bytes that are not UTF-8 can be had back: a lone surrogate U+DC80 + n is the byte 0x80 + n. */
    @Test
    void oddBytesSurvive() throws Exception {
        Trace trace = Traces.of(TestPrograms.execs(), "odd", "/bin/true");

        List<String> arguments = last(root(trace)).arguments();
        assertThat(arguments.stream().map(ArgumentsIT::bytes).map(ArgumentsIT::hex))
                .containsExactly("6f6464", "", "fffe", "636166e9", "c3", "eda080", "c3a980f09f9880", "610a62", "");
        assertThat(arguments.get(2)).isEqualTo("\udcff\udcfe");
        assertThat(arguments.get(3)).isEqualTo("caf\udce9");
        assertThat(arguments.get(6)).isEqualTo("é\udc80😀");
    }

    private static byte[] bytes(String argument) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        argument.codePoints().forEach(point -> {
            if (point >= 0xDC80 && point <= 0xDCFF) {
                bytes.write(point - 0xDC00);
            } else {
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }

    @Test
    void emptyArgumentsFromJavaSurvive() throws Exception {
        assertThat(root(Traces.of("true", "", "a", "", "")).arguments()).containsExactly("true", "", "a", "", "");
    }

    /** Since 5.18 the kernel puts an empty argv[0] where there is none. */
    @Test
    void noArgumentsAtAllAreNone() throws Exception {
        Trace trace = Traces.of(
                TestPrograms.execs(),
                "none",
                TestPrograms.program("brief", "-static").toString());

        ProcessSpan process = root(trace);
        assertThat(process.exitCode()).isEqualTo(21);
        assertThat(process.arguments()).isIn(List.of(), List.of(""));
        assertThat(process.argumentsTruncated()).isFalse();
        assertThat(process.exe()).endsWith("/brief");
        assertThat(trace.toString()).contains("brief");
    }

    @Test
    void aZeroethArgumentIsNotTheProgram() throws Exception {
        ProcessSpan process = root(Traces.of(TestPrograms.execs(), "as", "/bin/true", "-login", "x"));

        assertThat(process.arguments()).containsExactly("-login", "x");
        assertThat(process.exe()).isEqualTo(Path.of("/bin/true").toRealPath().toString());
        assertThat(last(process).filename()).isEqualTo("/bin/true");
        assertThat(process.name()).isEqualTo("true");
    }

    @Test
    void manyChildrenWithLongArgumentsKeepThemApart() throws Exception {
        Trace trace = Traces.of(
                "bash",
                "-c",
                "for i in {1..20}; do \"$0\" long /bin/true 3 $((20000 + i)) 40000 & done; wait",
                TestPrograms.execs());

        List<List<Integer>> lengths = trace.children(root(trace)).stream()
                .map(child ->
                        last(child).arguments().stream().map(String::length).toList())
                .toList();
        assertThat(lengths)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(20_001, 20_020)
                        .mapToObj(n -> List.of(4, n, n, n))
                        .toList());
        assertThat(trace.loss()).isEqualTo(Loss.NONE);
    }

    @Test
    void theEnvironmentIsInNoSpan() throws Exception {
        ProcessBuilder builder = Traces.quiet("sh", "-c", "true; true");
        builder.environment().put("SECRET_OF_THE_TEST", "do not tell");
        Trace trace = Traces.of(builder);

        assertThat(trace.processes().toString() + trace).doesNotContain("do not tell");
    }
}
