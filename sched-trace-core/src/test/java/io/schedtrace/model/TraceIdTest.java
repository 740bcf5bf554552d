package io.schedtrace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceIdTest {
    @Test
    void shouldReadWhatItWrites() {
        TraceId id = TraceId.parse("0123456789abcdeffedcba9876543210");
        assertThat(id).isEqualTo(new TraceId(0x0123456789abcdefL, 0xfedcba9876543210L));
        assertThat(id).hasToString("0123456789abcdeffedcba9876543210");
        assertThat(TraceId.parse("ffffffffffffffff0000000000000000")).isEqualTo(new TraceId(-1, 0));
        assertThat(TraceId.parse("00000000000000000000000000000001")).isEqualTo(new TraceId(0, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 32 hexadecimal digits",
        "0123, 32 hexadecimal digits",
        "0123456789abcdef0123456789abcdef0, 32 hexadecimal digits",
        "0123456789ABCDEF0123456789ABCDEF, only the digits 0-9 and a-f",
        "0123456789abcdef0123456789abcdeg, only the digits 0-9 and a-f",
        "-123456789abcdef0123456789abcdef, only the digits 0-9 and a-f",
        "0123456789abcdef0123456789abcde٣, only the digits 0-9 and a-f",
        "00000000000000000000000000000000, all zeros",
    })
    void shouldSayWhatIsWrongWithOtherText(String text, String complaint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TraceId.parse(text))
                .withMessageContaining(complaint);
    }

    @Test
    void shouldMakeDifferentIds() {
        assertThat(Stream.generate(TraceId::random).limit(1000)).doesNotHaveDuplicates();
    }
}
