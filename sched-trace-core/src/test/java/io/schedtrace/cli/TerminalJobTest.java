package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalJobTest {
    @Test
    void shouldReadAForegroundJob() {
        TerminalJob job = TerminalJob.parse("4711 (sh) S 1 4711 4000 34816 4711 4194304 1 2 3");
        assertThat(job).isEqualTo(new TerminalJob(4711, 34816, 4711));
        assertThat(job.hasTerminal()).isTrue();
        assertThat(job.inForeground()).isTrue();
    }

    @Test
    void shouldReadABackgroundJob() {
        TerminalJob job = TerminalJob.parse("4711 (sh) S 1 4711 4000 34816 4000 4194304");
        assertThat(job.hasTerminal()).isTrue();
        assertThat(job.inForeground()).isFalse();
    }

    @Test
    void shouldReadAJobWithoutATerminal() {
        TerminalJob job = TerminalJob.parse("4711 (sh) S 1 4711 4711 0 -1 4194304");
        assertThat(job.hasTerminal()).isFalse();
        assertThat(job.inForeground()).isFalse();
    }

    @Test
    void shouldNotBeMisledByAName() {
        assertThat(TerminalJob.parse("4711 (a) R 9 9 9 9 9) S 1 7 8 0 -1 4194304"))
                .isEqualTo(new TerminalJob(7, 0, -1));
    }

    @Test
    void shouldReadThisProcess() {
        assertThat(TerminalJob.ofThisProcess().group()).isPositive();
        assertThat(TerminalJob.sameGroup(ProcessHandle.current().pid())).isTrue();
    }
}
