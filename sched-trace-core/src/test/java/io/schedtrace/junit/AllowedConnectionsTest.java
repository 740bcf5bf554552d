package io.schedtrace.junit;

import static io.schedtrace.internal.pattern.PeerSpans.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.schedtrace.model.TcpSpan.Role;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedConnectionsTest {
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

    @Test
    void shouldNameThePatternThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AllowedConnections.parse(List.of("*", "db test:1")))
                .withMessage(
                        "allowConnections: 'db test:1' is not a pattern: 'db test' is neither a host name nor an address");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TraceExtension.builder().allowConnections("*", "db.test:http"))
                .withMessageContaining("'db.test:http'");
    }
}
