package io.schedtrace.internal.backend.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnStatusTest {
    private static final String INITIAL = "         0          0 4294967295\n";

    private static OwnStatus status(String text) {
        return OwnStatus.of("Name:\tjava\n" + text, INITIAL);
    }

    @ParameterizedTest
    @CsvSource({
        "0000000000000000, false, false",
        "0000008000000000, true, false",
        "0000004000000000, false, true",
        "000000c000000000, true, true",
        "0000000000200000, true, true",
        "000001ffffffffff, true, true",
        "00000000a80425fb, false, false",
    })
    void shouldKnowCapabilities(String effective, boolean bpf, boolean perfmon) {
        OwnStatus status = status("CapPrm:\t000001ffffffffff\nCapEff:\t" + effective + "\n");
        assertThat(status.hasBpf()).isEqualTo(bpf);
        assertThat(status.hasPerfmon()).isEqualTo(perfmon);
    }

    @Test
    void shouldKnowTheEffectiveUser() {
        assertThat(status("Uid:\t1000\t0\t0\t0\n").isRoot()).isTrue();
        assertThat(status("Uid:\t0\t1000\t1000\t1000\n").isRoot()).isFalse();
    }

    @Test
    void shouldKnowASeccompFilter() {
        assertThat(status("Seccomp:\t2\nSeccomp_filters:\t1\n").hasSeccompFilter())
                .isTrue();
        assertThat(status("Seccomp:\t0\nSeccomp_filters:\t0\n").hasSeccompFilter())
                .isFalse();
    }

    @Test
    void shouldKnowAUserNamespaceByItsMap() {
        assertThat(status("").inUserNamespace()).isFalse();
        assertThat(OwnStatus.of("", "         0       1000          1\n").inUserNamespace())
                .isTrue();
    }

    @Test
    void shouldForbidNothingIfItCannotBeRead() {
        OwnStatus unknown = OwnStatus.of("", "");
        assertThat(unknown.hasBpf()).isTrue();
        assertThat(unknown.hasPerfmon()).isTrue();
        assertThat(unknown.isRoot()).isFalse();
        assertThat(unknown.hasSeccompFilter()).isFalse();
        assertThat(unknown.inUserNamespace()).isFalse();
    }
}
