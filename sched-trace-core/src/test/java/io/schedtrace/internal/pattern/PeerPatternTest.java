package io.schedtrace.internal.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Role;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerPatternTest {
    private static TcpSpan to(String address, int port, String... names) {
        return PeerSpans.to(Role.CLIENT, address, port, names);
    }

    @ParameterizedTest
    @CsvSource({
        "*, 203.0.113.9, 1, x, true",
        "*:443, 203.0.113.9, 443, x, true",
        "*:443, 203.0.113.9, 444, x, false",
        "localhost:*, 127.0.0.1, 5432, x, true",
        "localhost:*, 127.8.9.1, 5432, x, true",
        "LocalHost:*, ::1, 5432, x, true",
        "localhost:5432, 127.0.0.1, 5433, x, false",
        "localhost:*, 10.0.0.1, 5432, x, false",
        "db.test:5432, 10.0.0.1, 5432, db.test, true",
        "DB.Test:5432, 10.0.0.1, 5432, db.test, true",
        "db.test:5432, 10.0.0.1, 5432, xdb.test, false",
        "db.test:5432, 10.0.0.1, 5433, db.test, false",
        "db:*, 10.0.0.1, 5433, db, true",
        "*.test:*, 10.0.0.1, 1, a.b.test, true",
        "*.test:*, 10.0.0.1, 1, test, false",
        "*.test:*, 10.0.0.1, 1, atest, false",
        "bücher.example:80, 10.1.2.3, 80, bücher.example, true",
        "xn--bcher-kva.example:80, 10.1.2.3, 80, bücher.example, true",
        "*.xn--bcher-kva.example:80, 10.1.2.3, 80, db.bücher.example, true",
        "10.1.2.3:80, 10.1.2.3, 80, x, true",
        "10.1.2.3:80, 10.1.2.4, 80, x, false",
        "10.0.0.0/8, 10.255.0.1, 1, x, true",
        "10.0.0.0/8, 11.0.0.1, 1, x, false",
        "10.0.0.0/8:443, 10.0.0.1, 442, x, false",
        "192.0.2.128/25:*, 192.0.2.128, 442, x, true",
        "192.0.2.128/25:*, 192.0.2.127, 442, x, false",
        "0.0.0.0/0, 203.0.113.9, 442, x, true",
        "0.0.0.0/0, 2001:db8::1, 442, x, false",
        "[::1]:80, ::1, 80, x, true",
        "[::1]:80, ::2, 80, x, false",
        "[fd00::/8], fd12::1, 80, x, true",
        "[fd00::/8]:81, fd12::1, 80, x, false",
        "[fd00::/8], fe80::1, 80, x, false",
        "[::]:80, 0.0.0.0, 80, x, false",
        "*:*, 203.0.113.9, 1, x, true",
        "db.test, 10.0.0.1, 5432, db.test, true",
        "DB.Test., 10.0.0.1, 5432, db.test, true",
        "b.test, 10.0.0.1, 5432, db.test, false",
        "*.est, 10.0.0.1, 5432, db.test, false",
        "10.0.0.7, 10.0.0.7, 5432, x, true",
        "10.0.0.6/31:5432, 10.0.0.7, 5432, x, true",
        "10.0.0.4/31, 10.0.0.7, 5432, x, false",
        "10.0.0.7/32, 10.0.0.7, 5432, x, true",
        "10.0.0.0/7, 10.0.0.7, 5432, x, true",
        "::/0, 10.0.0.7, 5432, x, false",
        "::/0, 2001:db8::1, 5432, x, true",
        "::1, ::1, 5432, x, true",
        "::/64, ::1, 5432, x, true",
        "0:0:0:0:0:0:0:1, ::1, 5432, x, true",
        "fd00::/8, ::1, 5432, x, false",
        "localhost, ::1, 5432, db.test, true",
        "localhost, 10.0.0.7, 5432, db.test, false",
    })
    void fitsOrNot(String pattern, String address, int port, String name, boolean fits) {
        assertThat(PeerPattern.parse(pattern).fits(to(address, port, name))).isEqualTo(fits);
    }

    @Test
    void shouldTakeAHostAndAPort() {
        assertThat(PeerPattern.of("db.test", 80).fits(to("10.0.0.1", 80, "db.test")))
                .isTrue();
        assertThat(PeerPattern.of("db.test", 81).fits(to("10.0.0.1", 80, "db.test")))
                .isFalse();
        for (String host : List.of("::1", "[::1]", "::/64", "localhost")) {
            assertThat(PeerPattern.of(host, 80).fits(to("::1", 80))).isTrue();
            assertThat(PeerPattern.of(host, 80).fits(to("fd00::1", 80))).isFalse();
        }
        assertThat(PeerPattern.of("::1", 80)).hasToString("[::1]:80");
        for (int port : new int[] {-1, 0, 65_536}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PeerPattern.of("x", port))
                    .withMessage("'x:" + port + "' is not a pattern: a port is a number from 1 to 65535, or *");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerPattern.of("http://x", 1))
                .withMessageContaining("write host:port");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|write host:port, with brackets around an IPv6 address: [::1]:443",
                ":80|write host:port, with brackets around an IPv6 address: [::1]:443",
                "[::1]80|write host:port, with brackets around an IPv6 address: [::1]:443",
                "a:b:1|write host:port, with brackets around an IPv6 address: [::1]:443",
                "http://x:1|write host:port, with brackets around an IPv6 address: [::1]:443",
                ":::|write host:port, with brackets around an IPv6 address: [::1]:443",
                "http://x|a port is a number from 1 to 65535, or *",
                "db.test:|a port is a number from 1 to 65535, or *",
                "db.test:0|a port is a number from 1 to 65535, or *",
                "db.test:65536|a port is a number from 1 to 65535, or *",
                "db.test:http|a port is a number from 1 to 65535, or *",
                "db.test:080|a port is a number from 1 to 65535, or *",
                "[db.test]:1|there is no address in it",
                "[10.0.0.1]:1|there is no address in it",
                "[:::]:1|there is no address in it",
                "[::1:1|write host:port, with brackets around an IPv6 address: [::1]:443",
                "db.test/8|there is no address in it",
                "10.0.0.0/33|the length of a prefix is a number from 0 to 32",
                "10.0.0.0/|the length of a prefix is a number from 0 to 32",
                "10.0.0.0/-1|the length of a prefix is a number from 0 to 32",
                "[fd00::/129]|the length of a prefix is a number from 0 to 128",
                "fd00::/129|the length of a prefix is a number from 0 to 128",
                "10.0.0.1/8|the address has bits beyond its prefix of 8",
                "[fd00::1/64]|the address has bits beyond its prefix of 64",
                "10.0.0.256:1|'10.0.0.256' is neither a host name nor an address",
                "10.0.0:1|'10.0.0' is neither a host name nor an address",
                "-a.test:1|'-a.test' is neither a host name nor an address",
                "a..test:1|'a..test' is neither a host name nor an address",
                "*test:1|'*test' is neither a host name nor an address",
                "a b|'a b' is neither a host name nor an address",
                "user@x:1|'user@x' is neither a host name nor an address",
            })
    void namesWhatIsNoPattern(String pattern, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerPattern.parse(pattern))
                .withMessage("'" + pattern + "' is not a pattern: " + why);
    }
}
