package io.schedtrace.internal.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class WallClockTest {
    @Test
    void shouldAddTheOffset() {
        assertThat(new WallClock(1_700_000_000_000_000_000L).at(123_456_789))
                .isEqualTo(Instant.parse("2023-11-14T22:13:20.123456789Z"));
    }

    @Test
    void shouldKnowTimesBefore1970() {
        assertThat(new WallClock(-2_000_000_000L).at(1_999_999_999)).isEqualTo(Instant.ofEpochSecond(-1, 999_999_999));
    }
}
