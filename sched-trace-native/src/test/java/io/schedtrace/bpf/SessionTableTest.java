package io.schedtrace.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionTableTest {
    private final ByteBuffer memory = ByteBuffer.allocateDirect(
                    RecordLayout.Limit.SESSIONS * RecordLayout.Session.SIZEOF)
            .order(ByteOrder.nativeOrder());
    private final SessionTable table = new SessionTable(memory);

    private static int at(long id) {
        return (int) (id % RecordLayout.Limit.SESSIONS) * RecordLayout.Session.SIZEOF;
    }

    @Test
    void shouldWriteWhatTheKernelSideReads() {
        long id = table.open(RecordLayout.Setting.WANT_ENVIRONMENT);

        assertThat(id).isPositive();
        assertThat(memory.getLong(at(id) + RecordLayout.Session.ID)).isEqualTo(id);
        assertThat(memory.getLong(at(id) + RecordLayout.Session.SETTINGS)).isEqualTo(1);
        assertThat(table.count()).isEqualTo(1);
    }

    @Test
    void shouldReadWhatTheKernelSideCounts() {
        long id = table.open(0);
        memory.putLong(at(id) + RecordLayout.Session.MADE, 11)
                .putLong(at(id) + RecordLayout.Session.PROCESSES, 12)
                .putLong(at(id) + RecordLayout.Session.CONNECTIONS, 13)
                .putLong(at(id) + RecordLayout.Session.UNTRACKED, 14)
                .putLong(at(id) + RecordLayout.Session.TRUNCATED, 15)
                .putLong(at(id) + RecordLayout.Session.LOST + 8 * RecordLayout.Type.CONNECTION_END, 16);

        assertThat(table.made(id)).isEqualTo(11);
        assertThat(table.processes(id)).isEqualTo(12);
        assertThat(table.connections(id)).isEqualTo(13);
        assertThat(table.untracked(id)).isEqualTo(14);
        assertThat(table.truncated(id)).isEqualTo(15);
        assertThat(table.lost(id, RecordLayout.Type.CONNECTION_END)).isEqualTo(16);
        assertThat(table.lost(id, RecordLayout.Type.PROCESS_END)).isZero();
    }

    @Test
    void shouldTellMutedSessionsByTheirSign() {
        long id = table.openMuted();

        assertThat(id).isNegative();
        assertThat(memory.getLong((int) (id & RecordLayout.Limit.SESSIONS - 1) * RecordLayout.Session.SIZEOF))
                .isEqualTo(id);
        assertThat(table.open(0)).isPositive().isNotEqualTo(id & Long.MAX_VALUE);

        table.close(id);
        assertThat(table.count()).isEqualTo(1);
    }

    @Test
    void shouldBeginAgainWithZeroWhereAnotherSessionWas() {
        long first = table.open(0);
        memory.putLong(at(first) + RecordLayout.Session.MADE, 99);
        table.close(first);
        assertThat(memory.getLong(at(first) + RecordLayout.Session.ID)).isZero();
        assertThat(table.count()).isZero();

        Set<Long> ids = new HashSet<>(Set.of(first));
        for (int i = 0; i < 2 * RecordLayout.Limit.SESSIONS; i++) {
            long id = table.open(0);
            assertThat(ids.add(id)).as("a new id").isTrue();
            assertThat(table.made(id)).isZero();
            table.close(id);
        }
    }

    @Test
    void shouldHoldAsManyAsThereIsRoomFor() {
        Set<Integer> places = new HashSet<>();
        long some = 0;
        for (int i = 0; i < RecordLayout.Limit.SESSIONS; i++) {
            some = table.open(0);
            places.add(at(some));
        }
        assertThat(places).hasSize(RecordLayout.Limit.SESSIONS);
        assertThatIllegalStateException().isThrownBy(() -> table.open(0)).withMessageContaining("close some");

        table.close(some);
        assertThat(at(table.open(0))).isEqualTo(at(some));
    }
}
