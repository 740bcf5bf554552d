package io.schedtrace.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecTest {
    @ParameterizedTest
    @CsvSource({"./run.sh, run.sh", "run, run", "/bin/sh, sh", "/a/, /a/", "/, /"})
    void shouldTakeItsNameFromTheFilename(String filename, String name) {
        Exec exec = Exec.builder().exe("/usr/bin/dash").filename(filename).build();
        assertThat(exec.name()).isEqualTo(name);
    }

    @Test
    void shouldHaveANameOfItsOwnWhereTheFilenameIsCut() {
        Exec exec = Exec.builder()
                .filename("/a/long/")
                .filenameTruncated(true)
                .name("make")
                .build();
        assertThat(exec.name()).isEqualTo("make");
        assertThat(exec.filenameTruncated()).isTrue();
    }
}
