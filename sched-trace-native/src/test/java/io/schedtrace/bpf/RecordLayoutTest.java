package io.schedtrace.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RecordLayoutTest {
    @Test
    void shouldNumberTheTypesAndFlagsAsTheHeaderDoes() throws Exception {
        String header = Files.readString(Path.of("src/main/c/record.h"));
        Matcher types =
                Pattern.compile("enum st_type \\{(.*?)\\}", Pattern.DOTALL).matcher(header);
        assertThat(types.find()).isTrue();
        Matcher name = Pattern.compile("ST_(\\w+)").matcher(types.group(1));
        int type = 0;
        while (name.find()) {
            type++;
            Field field = RecordLayout.class.getField(name.group(1));
            assertThat(field.getInt(null)).as(field.getName()).isEqualTo(type);
            if (type < RecordLayout.TYPES) {
                assertThat(RecordLayout.typeName(type)).isEqualTo(name.group(1).toLowerCase(Locale.ROOT));
            }
        }
        assertThat(type).isEqualTo(RecordLayout.TYPES);

        assertThat(sameBits(header, "st_flags", RecordLayout.class)).isGreaterThanOrEqualTo(6);
        assertThat(sameBits(header, "st_settings", SessionTable.class)).isGreaterThanOrEqualTo(3);
    }

    /** How many bits an enum of the header has; each is checked against the constant of its name. */
    private static int sameBits(String header, String name, Class<?> constants) throws ReflectiveOperationException {
        String block = header.substring(header.indexOf("enum " + name + " {"));
        Matcher bit = Pattern.compile("\\tST_(\\w+) = 1 << (\\d+),").matcher(block.substring(0, block.indexOf('}')));
        int bits = 0;
        while (bit.find()) {
            Field field = constants.getField(bit.group(1));
            assertThat(field.getLong(null)).as(field.getName()).isEqualTo(1L << Integer.parseInt(bit.group(2)));
            bits++;
        }
        return bits;
    }

    @Test
    void shouldHaveRoomForWholeWordsOnly() {
        assertThat(List.of(
                        RecordLayout.HEADER_SIZE,
                        RecordLayout.START_SIZE,
                        RecordLayout.EXEC_SIZE,
                        RecordLayout.DATA_SIZE,
                        RecordLayout.END_SIZE,
                        RecordLayout.TCP_SIZE,
                        RecordLayout.SESSION_SIZE))
                .allMatch(size -> size % 8 == 0);
    }

    @Test
    void shouldRefuseALibraryOfAnotherVersion() {
        assertThatThrownBy(() -> RecordLayout.verify(new long[] {RecordLayout.HEADER_SIZE, 4}))
                .isInstanceOf(ProbeException.class)
                .hasMessageContaining("entry 1")
                .hasMessageContaining("different versions");
    }
}
