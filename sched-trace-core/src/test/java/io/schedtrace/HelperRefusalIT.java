package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.bpf.Helper;
import io.schedtrace.bpf.ImpatientReport;
import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.HelperPlace;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.SelfReport;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user is told where the helper is not what it should be, or can do nothing. */
@KernelTest
class HelperRefusalIT {
    private static final String AGAIN = "run again: sudo sched-trace setup";

    private HelperPlace place;

    @BeforeEach
    void begin() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        place = new HelperPlace("rw");
    }

    @AfterEach
    void end() throws Exception {
        if (place != null) {
            place.close();
        }
    }

    private static String availability(ChildJvm jvm) {
        return jvm.lines(SelfReport.class, "availability").stream()
                .filter(line -> line.matches("([A-Z_]+|null): .*"))
                .findFirst()
                .orElseThrow();
    }

    private String nobody(String... under) throws Exception {
        return availability(place.nobodyJvm(under));
    }

    @Test
    void noHelperNamesTheRemedy() throws Exception {
        assertThat(nobody())
                .startsWith("NO_CAPABILITY: the capabilities CAP_BPF and CAP_PERFMON are missing; ")
                .endsWith("; or: the helper is not installed; run once: sudo sched-trace setup");
        assertThat(availability(place.nobodyJvm().option("-Dio.schedtrace.via=helper")))
                .isEqualTo("REFUSED: the helper is not installed; run once: sudo sched-trace setup");
    }

    @Test
    void aHelperOfAnotherVersionNamesTheRemedy() throws Exception {
        place.fake("""
                #!/usr/bin/python3
                import socket
                s = socket.socket(fileno=0)
                s.recv(100)
                s.send(bytes(200))
                """);
        assertThat(nobody()).contains("the installed helper is of another version than this library; " + AGAIN);
    }

    @Test
    void garbageAndADeadHelperAreNoHelper() throws Exception {
        place.fake("#!/usr/bin/python3\nimport socket\ns = socket.socket(fileno=0)\ns.recv(100)\ns.send(b'hello')\n");
        assertThat(nobody()).contains("the helper gives an answer that makes no sense; " + AGAIN);
        place.fake("#!/bin/sh\nexit 9\n");
        assertThat(nobody()).contains("the helper has ended with status 9 before it answered; " + AGAIN);
    }

    @Test
    void aHelperThatHangsIsNotWaitedFor() throws Exception {
        place.fake("#!/bin/sh\nexec sleep 100\n");
        List<String> lines = place.nobodyJvm().lines(ImpatientReport.class);
        assertThat(lines).anyMatch(line -> line.contains("the helper does not answer; " + AGAIN));
    }

    @Test
    void whatOthersMayChangeIsNotTrusted() throws Exception {
        place.installed();
        place.root("chmod o+w \"$0\"", Helper.PATH.toString());
        assertThat(nobody()).contains("others than root may change " + Helper.PATH, "sudo sched-trace setup again");
        place.root("chmod o-w \"$0\" && chmod g+w \"${0%/*}\"", Helper.PATH.toString());
        assertThat(nobody())
                .contains("others than root may change " + Helper.PATH.getParent() + ",", "sudo chmod go-w");
        place.root("chmod g-w \"${0%/*}\" && chown 65534 \"$0\"", Helper.PATH.toString());
        assertThat(nobody()).contains("others than root may change " + Helper.PATH);
        place.installed();
        assertThat(nobody()).isEqualTo("null: tracing is available");
        place.root("setcap -r \"$0\"", Helper.PATH.toString());
        assertThat(nobody()).contains("has lost its capabilities; " + AGAIN);
    }

    @Test
    void whatKeepsTheHelperFromItsCapabilitiesIsTold() throws Exception {
        place.installed();
        assertThat(nobody("setpriv", "--no-new-privs")).contains("no_new_privs is set");
        assertThat(nobody("unshare", "-Ur")).contains("the helper do not count");
        assertThat(availability(place.rootJvm()
                        .under("setpriv", "--reuid=1", "--clear-groups", "--bounding-set=-bpf", "--inh-caps=-all")))
                .contains("not in the bounding set");
        place.root("mount -o remount,nosuid /usr/local/libexec");
        assertThat(nobody()).contains("is mounted nosuid");
    }

    @Test
    void aProcessWithCapabilitiesOfItsOwnIsToldSo() throws Exception {
        place.installed();
        assertThat(availability(place.rootJvm().option("-Dio.schedtrace.via=helper")))
                .startsWith("REFUSED: the helper serves only processes whose user may read them in /proc");
    }
}
