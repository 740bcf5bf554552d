package io.schedtrace.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The generated class, compared with numbers that were worked out by hand from record.h. */
class RecordLayoutTest {
    @Test
    void shouldHaveTheOffsetsOfFields() {
        assertThat(List.of(
                        RecordLayout.Header.SIZE,
                        RecordLayout.Header.TYPE,
                        RecordLayout.Header.FLAGS,
                        RecordLayout.Header.SESSION,
                        RecordLayout.Header.HOST_PID,
                        RecordLayout.Header.PID))
                .containsExactly(0, 4, 6, 8, 40, 44);
        assertThat(List.of(RecordLayout.ProcessStart.PARENT, RecordLayout.ProcessStart.COMM))
                .containsExactly(48, 80);
        assertThat(List.of(RecordLayout.ProcessEnd.STATUS, RecordLayout.ProcessEnd.COMM))
                .containsExactly(80, 104);
        assertThat(List.of(RecordLayout.Connection.FAMILY, RecordLayout.Connection.PEER))
                .containsExactly(112, 136);
        assertThat(List.of(RecordLayout.Listener.PORT, RecordLayout.Listener.ADDRESS))
                .containsExactly(68, 72);
        assertThat(List.of(RecordLayout.ExecData.OFFSET, RecordLayout.ExecData.DATA_LEN, RecordLayout.ExecData.DATA))
                .containsExactly(56, 60, 64);
        assertThat(List.of(RecordLayout.Session.ID, RecordLayout.Session.SETTINGS, RecordLayout.Session.LOST))
                .containsExactly(0, 8, 64);
    }

    @Test
    void shouldFlattenStructsThatHaveNoClass() {
        assertThat(List.of(
                        RecordLayout.ProcessExec.PATHS_FILENAME_LEN,
                        RecordLayout.ProcessExec.PATHS_PATH_LEN,
                        RecordLayout.ProcessExec.PATHS_BYTES,
                        RecordLayout.ProcessExec.PATHS_BYTES_LENGTH))
                .containsExactly(96, 100, 104, 1024);
    }

    @Test
    void shouldHaveTheLengthsOfArrays() {
        assertThat(List.of(
                        RecordLayout.ProcessEnd.COMM_LENGTH,
                        RecordLayout.Connection.LOCAL_LENGTH,
                        RecordLayout.NameResolved.NAME_LENGTH,
                        RecordLayout.NameResolved.ADDRESSES_LENGTH,
                        RecordLayout.Session.LOST_LENGTH))
                .containsExactly(16, 16, 256, 16, RecordLayout.Type.COUNT);
    }

    @Test
    void shouldNumberTypesFlagsSettingsAndLimits() {
        assertThat(List.of(
                        RecordLayout.Type.PROCESS_START,
                        RecordLayout.Type.CONNECTION_END,
                        RecordLayout.Type.NAME_RESOLVED,
                        RecordLayout.Type.LISTEN_END,
                        RecordLayout.Type.COUNT))
                .containsExactly(1, 8, 10, 12, 13);
        assertThat(List.of(RecordLayout.Flag.TRUNCATED, RecordLayout.Flag.ABORTED, RecordLayout.Flag.LAUNCHED))
                .containsExactly(1, 64, 128);
        assertThat(RecordLayout.Setting.WANT_GETADDRINFO).isEqualTo(4);
        assertThat(RecordLayout.Limit.SESSIONS).isEqualTo(1024);
        assertThat(RecordLayout.Limit.BLOCK).isEqualTo(512 * 1024);
    }

    @Test
    void shouldNameTheTypes() {
        assertThat(RecordLayout.Type.name(RecordLayout.Type.PROCESS_START)).isEqualTo("process_start");
        assertThat(RecordLayout.Type.name(RecordLayout.Type.DNS_ANSWER)).isEqualTo("dns_answer");
        assertThat(RecordLayout.Type.name(RecordLayout.Type.COUNT - 1)).isEqualTo("listen_end");
    }

    @Test
    void shouldHaveRoomForWholeWordsOnly() throws Exception {
        List<Integer> sizes = new ArrayList<>();
        for (Class<?> struct : RecordLayout.class.getClasses()) {
            for (Field field : struct.getFields()) {
                assertThat(Modifier.isFinal(field.getModifiers())).isTrue();
                if (field.getName().equals("SIZEOF")) {
                    sizes.add(field.getInt(null));
                }
            }
        }
        assertThat(sizes)
                .hasSize(10)
                .contains(48, 96, 1128, 64, 120, 160, 88, 56, 568, 168)
                .allMatch(size -> size % 8 == 0);
    }

    @Test
    void shouldRefuseALibraryOfAnotherVersion() {
        KernelProbe.requireSameLayout(RecordLayout.FINGERPRINT);
        assertThatThrownBy(() -> KernelProbe.requireSameLayout(RecordLayout.FINGERPRINT + 1))
                .isInstanceOf(ProbeException.class)
                .hasMessageContaining("record layout")
                .hasMessageContaining("different versions");
    }
}
