package io.schedtrace.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostTextTest {
    @ParameterizedTest
    @CsvSource({
        "db, db",
        "DB.Example.COM., db.example.com",
        "my_service, my_service",
        "1password.example, 1password.example",
        "3f2a1b4c5d6e, 3f2a1b4c5d6e",
        "Bücher.Example, bücher.example",
        "xn--bcher-kva.example, bücher.example",
        "bücher。example, bücher.example",
        "xn--a.example, xn--a.example",
        "例え.テスト, 例え.テスト",
    })
    void bringsNamesIntoOneForm(String written, String name) {
        assertThat(HostText.normalize(written)).isEqualTo(name);
        assertThat(HostText.normalize(HostText.ascii(name))).isEqualTo(name);
        assertThat(HostText.ascii(name)).matches("[a-z0-9._-]+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..b",
                "-a",
                "a-",
                ".a",
                "a b",
                "a/b",
                "a:1",
                "127.0.0.1",
                "1.2.3",
                "12",
                "0x7f",
                "a.0x1",
                "::1",
                "[::1]",
                "*",
                "*.a",
                "a,b",
                "a%20b",
                "exam…ple.com",
                "“a”",
                "a\u0000b",
                "\udc80a",
                "a@b",
                "___",
                "ü.1"
            })
    void refusesWhatIsNoName(String text) {
        assertThat(HostText.normalize(text)).isNull();
    }

    @Test
    void refusesWhatIsTooLong() {
        String label = "a".repeat(63);
        assertThat(HostText.normalize(label)).isEqualTo(label);
        assertThat(HostText.normalize(label + "a")).isNull();
        assertThat(HostText.normalize((label + ".").repeat(4))).isNull();
        assertThat(HostText.normalize("ü".repeat(63))).isNull();
    }

    @Test
    void knowsAddressesWithoutALookup() {
        assertThat(HostText.address("10.0.0.1")).isEqualTo(HostText.address("::ffff:10.0.0.1"));
        assertThat(HostText.address("::1")).isNotNull();
        assertThat(HostText.address("256.0.0.1")).isNull();
        assertThat(HostText.address("1.2.3")).isNull();
        assertThat(HostText.address("db")).isNull();
        assertThat(HostText.address(":")).isNull();
        assertThat(HostText.address("dead:beef")).isNull();
    }
}
