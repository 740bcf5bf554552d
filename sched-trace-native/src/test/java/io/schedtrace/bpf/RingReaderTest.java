package io.schedtrace.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reader over a ring that the test writes as kernel/bpf/ringbuf.c does. */
class RingReaderTest {
    private static final int SIZE = 256;
    private static final int BUSY = 1 << 31;
    private static final int DISCARD = 1 << 30;

    private final ByteBuffer consumer = page(8);
    private final ByteBuffer producer = page(8);
    private final ByteBuffer data = page(2 * SIZE);
    private final RingReader reader = new RingReader(consumer, producer, data);
    private final List<String> taken = new ArrayList<>();

    private static ByteBuffer page(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    /** Appends a record, in both copies of the data; returns where its header is. */
    private int write(String text, int flags) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long position = producer.getLong(0);
        int offset = (int) (position % SIZE);
        ByteBuffer record = page((8 + bytes.length + 7) & ~7);
        record.putInt(0, bytes.length | flags).put(8, bytes);
        for (int i = 0; i < record.capacity(); i++) {
            int at = (offset + i) % SIZE;
            data.put(at, record.get(i));
            data.put(at + SIZE, record.get(i));
        }
        producer.putLong(0, position + record.capacity());
        return offset;
    }

    private void take(ByteBuffer ring, int offset, int length) {
        byte[] bytes = new byte[length];
        ring.get(offset, bytes);
        taken.add(new String(bytes, StandardCharsets.UTF_8));
    }

    private long drain() {
        return reader.drain(this::take, Long.MAX_VALUE / 2);
    }

    @Test
    void shouldTakeRecordsInOrder() {
        write("one", 0);
        write("twenty-two", 0);

        assertThat(drain()).isEqualTo(16 + 24);
        assertThat(taken).containsExactly("one", "twenty-two");
        assertThat(reader.consumerPosition()).isEqualTo(reader.producerPosition());
        assertThat(drain()).isZero();
    }

    @Test
    void shouldReadARecordThatGoesOverTheEnd() {
        for (int i = 0; i < 100; i++) {
            String text = "record number " + i + " ".repeat(i % 60) + '.';
            write(text, 0);
            drain();
            assertThat(taken).last().isEqualTo(text);
        }
        assertThat(taken).hasSize(100);
        assertThat(reader.consumerPosition()).isGreaterThan(SIZE);
    }

    @Test
    void shouldStopAtARecordThatIsStillWritten() {
        write("done", 0);
        int busy = write("busy", BUSY);
        write("behind", 0);

        drain();
        assertThat(taken).containsExactly("done");
        assertThat(drain()).isZero();

        data.putInt(busy, 4).putInt(busy + SIZE, 4);
        drain();
        assertThat(taken).containsExactly("done", "busy", "behind");
    }

    @Test
    void shouldSkipWhatWasDiscarded() {
        write("one", 0);
        write("gone", DISCARD);
        write("two", 0);

        assertThat(drain()).isEqualTo(48);
        assertThat(taken).containsExactly("one", "two");
    }

    @Test
    void shouldGoOnBehindARecordThatItsConsumerThrowsAt() {
        write("bad", 0);
        write("good", 0);

        assertThatThrownBy(() -> reader.drain(
                        (ring, offset, length) -> {
                            throw new IllegalStateException("bad");
                        },
                        SIZE))
                .hasMessage("bad");
        drain();
        assertThat(taken).containsExactly("good");
    }

    @Test
    void shouldStopWhenItHasTakenEnough() {
        write("one", 0);
        write("two", 0);

        reader.drain(this::take, 1);
        assertThat(taken).containsExactly("one");
    }

    @Test
    void shouldRefuseASizeThatIsNoPowerOfTwo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RingReader(consumer, producer, page(2 * 100)))
                .withMessageContaining("100");
        assertThat(reader.size()).isEqualTo(SIZE);
    }
}
