package io.schedtrace.internal.backend.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Facts as they were read in such places. */
class RemediesTest {
    private static final String INITIAL = "0 0 4294967295";

    private static Remedies in(Engine engine, String status) {
        return new Remedies(OwnStatus.of(status, INITIAL), engine);
    }

    private static String cause(String status, boolean noSuid) {
        return in(Engine.NONE, status).helper(noSuid);
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/.dockerenv | 12:devices:/docker/4ae1 | DOCKER",
                "/.dockerenv | 0::/ | DOCKER",
                "/run/.containerenv | 0::/ | PODMAN",
                "/var/run/secrets/kubernetes.io | 0::/ | KUBERNETES",
                "/nothing | 11:cpu:/kubepods/besteffort/pod1/2 | KUBERNETES",
                "/nothing | 1:name=systemd:/machine.slice/libpod-77.scope | PODMAN",
                "/nothing | 4:memory:/lxc/web | OTHER",
                "/nothing | 0::/user.slice/user-1000.slice/session-2.scope | NONE",
            })
    void shouldKnowTheEngineByWhatItLeaves(String file, String cgroup, Engine engine) {
        assertThat(Engine.of(file::equals, cgroup)).isEqualTo(engine);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NONE | run: sudo sched-trace daemon",
                "DOCKER | docker run -v /run/sched-trace:/run/sched-trace",
                "PODMAN | podman run -v /run/sched-trace:/run/sched-trace",
                "KUBERNETES | hostPath: {path: /run/sched-trace}",
                "OTHER | mount /run/sched-trace into this container",
            })
    void shouldSayHowToHaveTheDaemonInAPlace(Engine engine, String words) {
        assertThat(in(engine, "").daemon()).contains("sudo sched-trace daemon").contains(words);
    }

    @Test
    void shouldSendAUserNamespaceOutside() {
        assertThat(new Remedies(OwnStatus.of("", "0 1000 1"), Engine.NONE).daemon())
                .isEqualTo("run outside of this user namespace: sudo sched-trace daemon");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DOCKER | docker run --cap-add=BPF --cap-add=PERFMON",
                "PODMAN | podman run --cap-add=BPF --cap-add=PERFMON",
                "KUBERNETES | capabilities: {add: [BPF, PERFMON]}",
                "NONE | as in a container",
            })
    void shouldSayHowRootOfAContainerGetsCapabilities(Engine engine, String words) {
        assertThat(in(engine, "Uid:\t0\t0\t0\t0\nCapEff:\t00000000a80425fb\n").capabilities())
                .startsWith("the capabilities CAP_BPF and CAP_PERFMON are missing; this root")
                .contains(words);
    }

    @Test
    void shouldNameTheOneCapabilityThatIsMissing() {
        assertThat(in(Engine.NONE, "Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000008000000000\n")
                        .capabilities())
                .startsWith("the capability CAP_PERFMON is missing; run as root, or give them to this JVM");
    }

    @ParameterizedTest
    @CsvSource({"DOCKER, docker run", "PODMAN, podman run", "KUBERNETES, seccompProfile"})
    void shouldSayWhereAProfileIsNamed(Engine engine, String words) {
        assertThat(in(engine, "Seccomp:\t2\n").seccomp())
                .contains("forbid bpf(2)")
                .contains(words);
    }
}
