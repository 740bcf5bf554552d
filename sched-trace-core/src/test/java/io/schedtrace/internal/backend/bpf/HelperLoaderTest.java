package io.schedtrace.internal.backend.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HelperLoaderTest {
    private static String cause(String status, boolean noSuid) {
        return HelperLoader.cause(OwnStatus.of(status, "0 0 4294967295"), noSuid);
    }

    @Test
    void shouldKnowWhatKeepsTheHelperFromItsCapabilities() {
        assertThat(cause("NoNewPrivs:\t1\n", false)).startsWith("no_new_privs is set");
        assertThat(cause("NoNewPrivs:\t0\n", true)).contains("mounted nosuid");
        assertThat(cause("CapBnd:\t00000000a80425fb\n", false)).contains("not in the bounding set");
        assertThat(cause("CapBnd:\t0000008000000000\n", false)).contains("not in the bounding set");
        assertThat(cause("TracerPid:\t77\n", false)).contains("traced by a debugger");
    }

    @Test
    void shouldKnowNoCauseWhereThereIsNone() {
        assertThat(cause("NoNewPrivs:\t0\nCapBnd:\t000001ffffffffff\nTracerPid:\t0\n", false))
                .isNull();
        assertThat(cause("", false)).isNull();
    }
}
