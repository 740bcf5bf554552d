package io.schedtrace.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AsciiTest {
    @Test
    void shouldDrawInAscii() {
        assertThat(Ascii.of("│  ├─ a » b  [1] 5 µs  ✗ exit 1\n└─ → c\n   ← d …"))
                .isEqualTo("|  |- a >> b  [1] 5 us  x exit 1\n`- -> c\n   <- d ...");
    }
}
