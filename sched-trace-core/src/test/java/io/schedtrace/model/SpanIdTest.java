package io.schedtrace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpanIdTest {
    @Test
    void shouldReadWhatItWrites() {
        assertThat(SpanId.parse("00f067aa0ba902b7")).hasToString("00f067aa0ba902b7");
        assertThat(SpanId.parse("ffffffffffffffff")).isEqualTo(new SpanId(-1));
        assertThat(new SpanId(1)).hasToString("0000000000000001");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 16 hexadecimal digits",
        "00f067aa0ba902b, 16 hexadecimal digits",
        "00F067AA0BA902B7, only the digits 0-9 and a-f",
        "00f067aa0ba902b٣, only the digits 0-9 and a-f",
        "+0f067aa0ba902b7, only the digits 0-9 and a-f",
        "0000000000000000, all zeros",
    })
    void shouldSayWhatIsWrongWithOtherText(String text, String complaint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpanId.parse(text))
                .withMessageContaining(complaint);
    }

    @Test
    void shouldMakeDifferentIds() {
        assertThat(Stream.generate(SpanId::random).limit(1000)).doesNotHaveDuplicates();
    }
}
