package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.schedtrace.model.Exec;
import io.schedtrace.model.ProcessSpan;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedProcessesTest {
    private static Exec exec(String path) {
        return Exec.builder().exe(path).build();
    }

    private static boolean allows(String path, String... patterns) {
        return AllowedProcesses.parse(List.of(patterns)).allows(exec(path));
    }

    @Test
    void shouldAllowWhatOnePatternFits() {
        assertThat(allows("/opt/git", "git", "/usr/bin/*")).isTrue();
        assertThat(allows("/usr/bin/ls", "git", "/usr/bin/*")).isTrue();
        assertThat(allows("/opt/ls", "git", "/usr/bin/*")).isFalse();
        assertThat(allows("/usr/bin/ls")).isFalse();
    }

    @Test
    void shouldLetExclusionsWinInWhateverOrder() {
        assertThat(allows("/usr/bin/curl", "/usr/bin/*", "!curl")).isFalse();
        assertThat(allows("/usr/bin/curl", "!curl", "/usr/bin/*")).isFalse();
        assertThat(allows("/usr/bin/ls", "!curl", "/usr/bin/*")).isTrue();
    }

    @Test
    void shouldAllowTheRestIfThereAreExclusionsAlone() {
        assertThat(allows("/usr/bin/ls", "!curl", "!/tmp/**")).isTrue();
        assertThat(allows("/tmp/a/ls", "!curl", "!/tmp/**")).isFalse();
    }

    @Test
    void shouldRefuseAPatternThatIsExcluded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AllowedProcesses.parse(List.of("git", "/usr/bin/curl", "!curl")))
                .withMessage(
                        "allowProcesses: '/usr/bin/curl' can match nothing: '!curl' excludes it, and an exclusion wins"
                                + " in whatever order");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AllowedProcesses.parse(List.of("!")))
                .withMessage("allowProcesses: '' is not a pattern: it is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TraceExtension.builder().allowProcesses("bin/git"))
                .withMessageContaining("'bin/git'");
    }

    @Test
    void shouldJudgeEachExec() {
        ProcessSpan process = ProcessSpan.builder()
                .pid(7)
                .execs(List.of(exec("/usr/bin/env"), exec("/usr/bin/ls"), exec("/usr/bin/cat")))
                .build();
        List<AllowedProcesses.Run> forbidden =
                AllowedProcesses.parse(List.of("!env", "!ls")).forbidden(List.of(process));
        assertThat(forbidden)
                .extracting(run -> run.then().commandLine().toString())
                .containsExactly("env", "ls");
        assertThat(AllowedProcesses.parse(List.of("*")).forbidden(List.of(process)))
                .isEmpty();
        assertThat(AllowedProcesses.parse(List.of("*")).allowsEverything()).isTrue();
        assertThat(AllowedProcesses.parse(List.of("*", "!ls")).allowsEverything())
                .isFalse();
    }
}
