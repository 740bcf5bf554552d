package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.bpf.Helper;
import io.schedtrace.lab.HelperPlace;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.TestPrograms.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@KernelTest
class SetupIT {
    @BeforeEach
    void needRoot() {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
    }

    private static void assertDone(Result result, String... words) {
        assertThat(result.status()).as(result.text()).isZero();
        assertThat(result.text()).contains(words);
    }

    private static void assertRefused(Result result, String... words) {
        assertThat(result.status()).as(result.text()).isEqualTo(ExitCodes.OWN_FAILURE);
        assertThat(result.text().lines().filter(line -> line.startsWith("sched-trace: ")))
                .singleElement()
                .asString()
                .contains(words);
    }

    @Test
    void shouldInstallAndRemoveAndSaySo() throws Exception {
        try (HelperPlace place = new HelperPlace("rw")) {
            assertDone(place.command("setup", "--undo"), "is not installed; there is nothing to do");
            assertDone(place.command("setup"), "installing " + Helper.PATH, "cap_bpf,cap_perfmon+ep", "done");
            assertThat(place.root(
                            "stat -c '%U %G %a' \"$0\"; getcap \"$0\"; ls -A \"${0%/*}\"", Helper.PATH.toString()))
                    .startsWith("root root 755\n")
                    .contains("=ep\n")
                    .endsWith("\nsched-trace-helper\n");
            assertDone(place.command("setup"), "is already installed; there is nothing to do");
            place.root("setcap -r \"$0\"", Helper.PATH.toString());
            assertDone(place.command("setup"), "installing", "done");

            Result ways = place.nobodyJvm().run(SchedTrace.class, "doctor");
            assertDone(ways, "bpf     no      the capabilities CAP_BPF and CAP_PERFMON are missing", "helper  works");

            assertDone(place.command("setup", "--undo"), "removing " + Helper.PATH, "done");
            assertThat(place.root("ls -A /usr/local/libexec")).isEmpty();
            Result none = place.nobodyJvm().run(SchedTrace.class, "doctor");
            assertThat(none.status()).isEqualTo(ExitCodes.OWN_FAILURE);
            assertThat(none.text())
                    .contains("helper  no      the helper is not installed; run once: sudo sched-trace setup");
        }
    }

    @Test
    void shouldRefuseWhereItIsOfNoUse() throws Exception {
        try (HelperPlace place = new HelperPlace("rw")) {
            assertRefused(
                    place.nobodyJvm().run(SchedTrace.class, "setup"), "setup needs root; run: sudo sched-trace setup");
            assertRefused(
                    place.nobodyJvm("unshare", "-Ur").run(SchedTrace.class, "setup"), "root in a user namespace only");
            place.root("chmod 777 /usr/local/libexec");
            assertRefused(place.command("setup"), "others than root may change /usr/local/libexec,", "chmod go-w");
        }
        try (HelperPlace place = new HelperPlace("ro")) {
            assertRefused(place.command("setup"), "is mounted read-only");
        }
        try (HelperPlace place = new HelperPlace("nosuid")) {
            assertRefused(place.command("setup"), "is mounted nosuid");
        }
    }
}
