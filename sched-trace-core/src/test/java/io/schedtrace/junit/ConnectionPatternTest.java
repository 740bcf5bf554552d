package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.schedtrace.HostName;
import io.schedtrace.SpanId;
import io.schedtrace.TcpSpan;
import io.schedtrace.TcpSpan.Outcome;
import io.schedtrace.TcpSpan.Role;
import io.schedtrace.TraceId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionPatternTest {
    private static TcpSpan to(Role role, String address, int port, String... names) {
        try {
            return new TcpSpan(
                    TraceId.random(),
                    SpanId.random(),
                    null,
                    null,
                    1,
                    role,
                    new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 50_000),
                    new InetSocketAddress(InetAddress.getByName(address), port),
                    List.of(),
                    Arrays.stream(names).map(name -> new HostName(name, "dns")).toList(),
                    Instant.EPOCH,
                    null,
                    null,
                    Duration.ZERO,
                    0,
                    0,
                    0,
                    Duration.ZERO,
                    Outcome.OPEN,
                    null,
                    null,
                    false);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
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
    })
    void fitsOrNot(String pattern, String address, int port, String name, boolean fits) {
        assertThat(ConnectionPattern.parse(pattern).fits(to(Role.CLIENT, address, port, name)))
                .isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|write host:port, with brackets around an IPv6 address: [::1]:443",
                "localhost|the port is missing; write localhost:* for any",
                "10.1.2.3|the port is missing; write 10.1.2.3:* for any",
                ":80|write host:port, with brackets around an IPv6 address: [::1]:443",
                "db.test:|a port is a number from 1 to 65535, or *",
                "db.test:0|a port is a number from 1 to 65535, or *",
                "db.test:65536|a port is a number from 1 to 65535, or *",
                "db.test:http|a port is a number from 1 to 65535, or *",
                "db.test:080|a port is a number from 1 to 65535, or *",
                "a:b:1|write host:port, with brackets around an IPv6 address: [::1]:443",
                "::1|write host:port, with brackets around an IPv6 address: [::1]:443",
                "[db.test]:1|there is no address in it",
                "[10.0.0.1]:1|there is no address in it",
                "[:::]:1|':::' is not an address",
                "db.test/8|there is no address in it",
                "10.0.0.0/33|the length of a prefix is a number from 0 to 32",
                "10.0.0.0/|the length of a prefix is a number from 0 to 32",
                "10.0.0.0/-1|the length of a prefix is a number from 0 to 32",
                "[fd00::/129]|the length of a prefix is a number from 0 to 128",
                "10.0.0.1/8|the address has bits beyond its prefix of 8",
                "[fd00::1/64]|the address has bits beyond its prefix of 64",
                "10.0.0.256:1|'10.0.0.256' is neither a host name nor an address",
                "10.0.0:1|'10.0.0' is neither a host name nor an address",
                "-a.test:1|'-a.test' is neither a host name nor an address",
                "a..test:1|'a..test' is neither a host name nor an address",
                "*test:1|'*test' is neither a host name nor an address",
                "http://x:1|write host:port, with brackets around an IPv6 address: [::1]:443",
                "user@x:1|'user@x' is neither a host name nor an address",
            })
    void namesWhatIsNoPattern(String pattern, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectionPattern.parse(pattern))
                .withMessage("allowConnections: '" + pattern + "' is not a pattern: " + why);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TraceExtension.builder().allowConnections("*", pattern))
                .withMessageContaining('\'' + pattern + '\'');
    }

    @Test
    void shouldAllowAnAddressThatTheNameLeadsTo() throws UnknownHostException {
        String self = InetAddress.getLocalHost().getHostName();
        String address = InetAddress.getByName(self).getHostAddress();
        AllowedConnections allowed = AllowedConnections.parse(List.of(self + ":80"));
        assertThat(allowed.forbidden(List.of(to(Role.CLIENT, address, 80)))).isEmpty();
        assertThat(allowed.forbidden(List.of(to(Role.CLIENT, address, 81)))).hasSize(1);
        assertThat(allowed.forbidden(List.of(to(Role.CLIENT, "192.0.2.7", 80)))).hasSize(1);
    }

    @Test
    void shouldLookAtConnectionsThatWereMadeOnly() {
        AllowedConnections nothing = AllowedConnections.parse(List.of());
        assertThat(nothing.forbidden(List.of(to(Role.SERVER, "192.0.2.7", 80)))).isEmpty();
        assertThat(nothing.forbidden(List.of(to(Role.CLIENT, "192.0.2.7", 80)))).hasSize(1);
    }
}
