package io.schedtrace.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecentTest {
    private final List<String> made = new ArrayList<>();
    private final Recent<String> recent = new Recent<>(bytes -> {
        String text = new String(bytes, StandardCharsets.US_ASCII);
        made.add(text);
        return text;
    });

    @Test
    void shouldReadTheSameBytesOnce() {
        String first = read("/usr/bin/true", 0);
        assertThat(first).isEqualTo("/usr/bin/true");
        assertThat(read("/usr/bin/true", 5)).isSameAs(first);
        assertThat(made).hasSize(1);
    }

    @Test
    void shouldTellApartWhatDiffersInOneByteOrInLength() {
        String text = "abcdefghijklmnopqrs";
        read(text, 0);
        for (int length = 0; length < text.length(); length++) {
            assertThat(read(text.substring(0, length), 0)).isEqualTo(text.substring(0, length));
            String changed = text.substring(0, length) + '!' + text.substring(length + 1);
            assertThat(read(changed, 0)).isEqualTo(changed);
        }
    }

    @Test
    void shouldReadFarMoreThanItKeeps() {
        for (int turn = 0; turn < 2; turn++) {
            IntStream.range(0, 10_000)
                    .mapToObj(i -> "program " + i)
                    .forEach(text -> assertThat(read(text, 3)).isEqualTo(text));
        }
    }

    private String read(String text, int at) {
        ByteBuffer ring = ByteBuffer.allocateDirect(at + text.length() + 9).order(ByteOrder.nativeOrder());
        ring.put(at, text.getBytes(StandardCharsets.US_ASCII));
        return recent.read(ring, at, text.length());
    }
}
