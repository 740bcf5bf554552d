package io.schedtrace.internal.backend.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeLoaderTest {
    @ParameterizedTest
    @CsvSource({
        "5.13, true",
        "5.13.0-rc1, true",
        "5.15.0-91-generic, true",
        "6.1.0-18-amd64, true",
        "10.0, true",
        "5.12.19, false",
        "5.4.0-169-generic, false",
        "4.19.0, false",
        "3.10.0-1160.el7.x86_64, false",
        "unheard of, true",
        "'', true",
    })
    void shouldKnowAKernelThatIsRecentEnough(String release, boolean enough) {
        assertThat(ProbeLoader.recentEnough(release)).isEqualTo(enough);
    }
}
