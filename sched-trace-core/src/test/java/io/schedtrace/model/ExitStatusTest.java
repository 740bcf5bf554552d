package io.schedtrace.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitStatusTest {
    @Test
    void shouldKnowEveryExitCode() {
        for (int code = 0; code <= 255; code++) {
            ExitStatus exit = new ExitStatus(code << 8);
            assertThat(exit.code()).isEqualTo(code);
            assertThat(exit.signal()).isNull();
            assertThat(exit.signalNumber()).isNull();
            assertThat(exit.coreDumped()).isFalse();
            assertThat(exit.success()).isEqualTo(code == 0);
            assertThat(exit).hasToString("exit " + code);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0x01, 1, SIGHUP, false",
        "0x02, 2, SIGINT, false",
        "0x09, 9, SIGKILL, false",
        "0x0b, 11, SIGSEGV, false",
        "0x8b, 11, SIGSEGV, true",
        "0x83, 3, SIGQUIT, true",
        "0x0f, 15, SIGTERM, false",
        "0x1f, 31, SIGSYS, false",
        "0x20, 32, signal 32, false",
        "0x22, 34, SIGRTMIN, false",
        "0x23, 35, SIGRTMIN+1, false",
        "0x40, 64, SIGRTMIN+30, false",
    })
    void shouldKnowSignals(int status, int number, String name, boolean core) {
        ExitStatus exit = new ExitStatus(status);
        assertThat(exit.signalNumber()).isEqualTo(number);
        assertThat(exit.signal()).isEqualTo(name);
        assertThat(exit.coreDumped()).isEqualTo(core);
        assertThat(exit.code()).isNull();
        assertThat(exit.success()).isFalse();
        assertThat(exit).hasToString(name + (core ? " (core dumped)" : ""));
    }
}
