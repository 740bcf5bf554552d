package io.schedtrace.internal.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.RecordWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ExecBlockTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ExecBlock block(int args, int env, String first, int limit) {
        return new ExecBlock(
                (TraceRecord.Executed)
                        RecordWriter.exec(args, env, bytes(first)).decode(),
                limit);
    }

    private static TraceRecord.ExecData part(int offset, String text) {
        return new TraceRecord.ExecData(new TraceRecord.Header(1, 9, 3, 4, 5L, 6), 2, offset, bytes(text));
    }

    @Test
    void shouldPutPartsTogether() {
        ExecBlock block = block(9, 4, "one\0t", 100);
        assertThat(block.full()).isFalse();
        assertThat(block.argumentsWhole()).isFalse();
        assertThat(block.arguments()).containsExactly("one", "t");
        assertThat(block.environment()).isEmpty();

        block.add(part(5, "two\0X"));
        assertThat(block.argumentsWhole()).isTrue();
        block.add(part(10, "=1\0"));
        assertThat(block.full()).isTrue();
        assertThat(block.arguments()).containsExactly("one", "ttwo");
        assertThat(block.environment()).containsExactly("X=1");
    }

    @Test
    void shouldNotTakeWhatDoesNotFollow() {
        ExecBlock block = block(10, 0, "one\0", 100);
        block.add(part(6, "gap\0"));
        block.add(part(-1, "x"));
        block.add(part(4, "far too long for it\0"));
        assertThat(block.arguments()).containsExactly("one");
        block.add(part(4, "right\0"));
        assertThat(block.full()).isTrue();
        assertThat(block.arguments()).containsExactly("one", "right");
    }

    @Test
    void shouldEndAtTheLimit() {
        ExecBlock block = block(Integer.MAX_VALUE, Integer.MAX_VALUE, "one\0tw", 6);
        assertThat(block.full()).isTrue();
        assertThat(block.argumentsWhole()).isFalse();
        assertThat(block.arguments()).containsExactly("one", "tw");
        assertThat(block.environment()).isEmpty();
    }

    @Test
    void shouldKnowThatNothingIsAll() {
        ExecBlock block = block(0, 0, "", 100);
        assertThat(block.full()).isTrue();
        assertThat(block.arguments()).isEmpty();
    }

    @Test
    void shouldKeepEmptyArguments() {
        assertThat(block(3, 0, "\0\0\0", 100).arguments()).containsExactly("", "", "");
    }
}
