package io.schedtrace.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 ns",
        "999, 999 ns",
        "1000, 1.00 µs",
        "9994, 9.99 µs",
        "9995, 10.0 µs",
        "99949, 99.9 µs",
        "99950, 100 µs",
        "999499, 999 µs",
        "999500, 1.00 ms",
        "12345678, 12.3 ms",
        "1111111101, 1.11 s",
        "59400000000, 59.4 s",
        "59500000000, 1 min 00 s",
        "125000000000, 2 min 05 s",
        "3720000000000, 1 h 02 min",
        "360000000000000, 100 h 00 min",
    })
    void shouldShowThreeDigitsOfADuration(long nanos, String shown) {
        assertThat(Human.duration(Duration.ofNanos(nanos))).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.00 KiB",
        "1234, 1.21 KiB",
        "1048575, 1.00 MiB",
        "5678901, 5.42 MiB",
        "9223372036854775807, 8.00 EiB",
    })
    void shouldShowThreeDigitsOfASize(long bytes, String shown) {
        assertThat(Human.bytes(bytes)).isEqualTo(shown);
    }
}
