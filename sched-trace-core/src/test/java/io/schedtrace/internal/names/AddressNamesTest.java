package io.schedtrace.internal.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.model.HostName;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressNamesTest {
    private static final InetAddress PEER = FakeLookup.address("10.0.0.1");

    private final AddressNames names = new AddressNames(2);

    private boolean resolver(String name) {
        return names.add(PEER, new HostName(name, "dns"));
    }

    private boolean program(String name) {
        return names.add(PEER, new HostName(name, "getaddrinfo"), true);
    }

    private List<String> known() {
        return names.get(PEER).stream()
                .map(name -> name.name() + " " + name.origin())
                .toList();
    }

    @Test
    void putsWhatAProgramAskedForBeforeWhatItsResolverMadeOfIt() {
        resolver("db.example.com");
        program("db");
        resolver("db2.example.com");
        program("db2");
        assertThat(known())
                .containsExactly("db getaddrinfo", "db2 getaddrinfo", "db.example.com dns", "db2.example.com dns");
    }

    @Test
    void keepsTheOriginThatANameWasLearnedFromFirst() {
        resolver("a");
        resolver("b");
        program("b");
        program("b");
        resolver("b");
        assertThat(known()).containsExactly("b dns", "a dns");
    }

    @Test
    void dropsTheLastOfTooManyNames() {
        for (int i = 0; i < AddressNames.MAX_NAMES; i++) {
            assertThat(resolver("n" + i)).isTrue();
        }
        assertThat(resolver("late")).isFalse();
        assertThat(program("own")).isFalse();
        assertThat(known())
                .hasSize(AddressNames.MAX_NAMES)
                .startsWith("own getaddrinfo", "n0 dns")
                .endsWith("n14 dns");
        for (int i = 0; i < 2 * AddressNames.MAX_NAMES; i++) {
            program("p" + i);
        }
        assertThat(known()).hasSize(AddressNames.MAX_NAMES).allMatch(name -> name.endsWith(" getaddrinfo"));
    }

    @Test
    void forgetsTheOldestOfTooManyAddresses() {
        resolver("a");
        names.add(FakeLookup.address("10.0.0.2"), new HostName("b", "dns"));
        assertThat(names.add(FakeLookup.address("10.0.0.3"), new HostName("c", "dns")))
                .isFalse();
        assertThat(known()).isEmpty();
        assertThat(names.knows("a")).isFalse();
        assertThat(names.knows("c")).isTrue();
    }
}
