package io.schedtrace.assertj;

import static io.schedtrace.assertj.SampleTrace.CURL;
import static io.schedtrace.assertj.SampleTrace.address;
import static io.schedtrace.assertj.SampleTrace.connection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.schedtrace.TcpSpan;
import io.schedtrace.TcpSpan.Outcome;
import io.schedtrace.TcpSpan.Role;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerPatternTest {
    @ParameterizedTest
    @CsvSource({
        "db.test, true",
        "DB.Test., true",
        "other.test, true",
        "b.test, false",
        "*.test, true",
        "*.est, false",
        "*, true",
        "*:*, true",
        "*:5432, true",
        "*:80, false",
        "db.test:5432, true",
        "db.test:*, true",
        "db.test:543, false",
        "10.0.0.7, true",
        "10.0.0.7:5432, true",
        "10.0.0.8, false",
        "10.0.0.0/8, true",
        "10.0.0.6/31:5432, true",
        "10.0.0.4/31, false",
        "10.0.0.7/32, true",
        "11.0.0.0/7, true",
        "0.0.0.0/0, true",
        "::/0, false",
        "localhost, false",
    })
    void shouldMatchAPeer(String pattern, boolean matches) {
        TcpSpan peer = to("10.0.0.7", "db.test", "other.test");
        assertThat(PeerPattern.parse(pattern).matches(peer)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "::1, true",
        "[::1]:5432, true",
        "[::1]:1, false",
        "::/64, true",
        "0:0:0:0:0:0:0:1, true",
        "127.0.0.1, false",
        "fd00::/8, false"
    })
    void shouldMatchAnIpv6Peer(String pattern, boolean matches) {
        assertThat(PeerPattern.parse(pattern).matches(to("::1"))).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bücher.example", "xn--bcher-kva.example:5432", "*.XN--BCHER-KVA.example"})
    void shouldTakeBothFormsOfAnInternationalName(String pattern) {
        assertThat(PeerPattern.parse(pattern).matches(to("10.0.0.7", "bücher.example", "db.bücher.example")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1"})
    void shouldTakeLoopbackForLocalhostWhateverItsNames(String loopback) {
        assertThat(PeerPattern.parse("localhost").matches(to(loopback))).isTrue();
        assertThat(PeerPattern.parse("localhost").matches(to(loopback, "db.test")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''| \"\" is neither a host name nor an address",
                "a b| \"a b\" is neither a host name nor an address",
                "http://x| a port is * or a number up to 65535",
                "x:70000| a port is * or a number up to 65535",
                "x:| a port is * or a number up to 65535",
                "[::1]80| after ] comes :PORT or nothing",
                "x/8| \"x/8\" is neither a host name nor an address",
                "10.0.0.0/33| the length of a network is a number up to 32",
                "10.0.0.0/| the length of a network is a number up to 32",
                "10.0.0.999| \"10.0.0.999\" is not an address",
                "*x| \"*x\" is neither a host name nor an address",
            })
    void shouldNameTheMistake(String pattern, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerPattern.parse(pattern))
                .withMessage("no host pattern: \"" + pattern + "\": " + why);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void shouldRefuseAPortThatIsNone(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerPattern.of("x", port))
                .withMessage("a port is a number from 0 to 65535, not " + port);
    }

    private static TcpSpan to(String numbers, String... names) {
        return connection(1, CURL, Role.CLIENT, Outcome.CLOSED, null, address(numbers, 5432), names);
    }
}
