package io.schedtrace.internal.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.schedtrace.model.Exec;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramPatternTest {
    @ParameterizedTest
    @CsvSource({
        "git, /usr/bin/git, git, true",
        "git, /usr/bin/gitk, gitk, false",
        "git, /opt/git/bin/tool, tool, false",
        "*, /usr/bin/anything, anything, true",
        "python3*, /usr/bin/python3.11, python, true",
        "sh, /usr/bin/dash, /bin/sh, true",
        "dash, /usr/bin/dash, /bin/sh, true",
        "build.sh, /usr/bin/bash, ./build.sh, true",
        "/usr/bin/*, /usr/bin/git, git, true",
        "/usr/bin/*, /usr/bin/sub/git, git, false",
        "/usr/bin/git, /usr/bin/git, git, true",
        "/usr/bin/git, /usr/bin/curl, /usr/bin/git, true",
        "/opt/**, /opt/a/b/tool, tool, true",
        "/opt/*/bin/*, /opt/a/bin/tool, tool, true",
        "/opt/*/bin/*, /opt/a/b/bin/tool, tool, false",
        "a[b].c+, /x/a[b].c+, a[b].c+, true",
        "/*, /init, init, true",
    })
    void shouldMatch(String pattern, String exe, String filename, boolean fits) {
        Exec exec = Exec.builder().exe(exe).filename(filename).build();
        assertThat(ProgramPattern.parse(pattern).fits(exec)).isEqualTo(fits);
    }

    @Test
    void shouldFollowLinksToDirectories(@TempDir Path directory) throws Exception {
        Path real = Files.createDirectory(directory.toRealPath().resolve("real"));
        Path link = Files.createSymbolicLink(directory.toRealPath().resolve("link"), real);
        Exec byLink =
                Exec.builder().exe(real + "/tool").filename(link + "/tool").build();
        Exec byPath = Exec.builder().exe(real + "/tool").build();
        for (Exec exec : new Exec[] {byLink, byPath}) {
            assertThat(ProgramPattern.parse(link + "/*").fits(exec)).isTrue();
            assertThat(ProgramPattern.parse(real + "/tool").fits(exec)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|it is empty",
                "' git'|there is a blank at its beginning or end, or a control character in it",
                "bin/git|it can match nothing: a path begins with a slash, and a name has none",
                "./git|it can match nothing: a path begins with a slash, and a name has none",
                "/usr/bin/|it can match nothing: write /usr/bin/* for the programs in a directory",
                "/usr//bin/git|it can match nothing: the path of a program has no '//', '/./' or '/../'",
                "/usr/./git|it can match nothing: the path of a program has no '//', '/./' or '/../'",
                "/usr/../git|it can match nothing: the path of a program has no '//', '/./' or '/../'",
                "/usr/..|it can match nothing: the path of a program has no '//', '/./' or '/../'",
            })
    void shouldRefuseWhatCanMatchNothing(String pattern, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProgramPattern.parse(pattern))
                .withMessage("'" + pattern + "' is not a pattern: " + why);
    }

    @ParameterizedTest
    @CsvSource({
        "curl, curl, true",
        "curl, /usr/bin/curl, true",
        "c*, curl, true",
        "*, /usr/bin/curl, true",
        "/usr/bin/*, /usr/bin/curl, true",
        "/usr/bin/*, curl, false",
        "curl, *, false",
        "curl, cu*, false",
        "curl, /usr/bin/*, false",
        "curl, wget, false",
    })
    void shouldTellWhatIsPartOfIt(String pattern, String other, boolean covers) {
        assertThat(ProgramPattern.parse(pattern).covers(ProgramPattern.parse(other)))
                .isEqualTo(covers);
    }
}
