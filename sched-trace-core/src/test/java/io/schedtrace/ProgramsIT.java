package io.schedtrace;

import static io.schedtrace.lab.Traces.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.Exec;
import io.schedtrace.model.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file a process runs, in whatever way it was named. */
@KernelTest
class ProgramsIT {
    private Path directory;
    private Path brief;

    @BeforeEach
    void copyAProgram() throws Exception {
        directory = TestPrograms.directory().toRealPath();
        brief = TestPrograms.copy(TestPrograms.program("brief", "-static").toString(), directory.resolve("brief"));
    }

    private static Exec last(Trace trace) {
        List<Exec> execs = root(trace).execs();
        return execs.get(execs.size() - 1);
    }

    private static Trace ended(Trace trace) {
        assertThat(root(trace).exitCode()).isEqualTo(21);
        assertThat(trace.isComplete()).isTrue();
        return trace;
    }

    @Test
    void aScriptIsItsInterpreter() throws Exception {
        Path script = directory.resolve("script.sh");
        Files.writeString(script, "#!/bin/sh -e\nexit 21\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        Trace trace = ended(Traces.of(script.toString(), "x"));

        assertThat(root(trace).exe()).isEqualTo(Path.of("/bin/sh").toRealPath().toString());
        assertThat(last(trace).filename()).isEqualTo(script.toString());
        assertThat(root(trace).arguments()).containsExactly("/bin/sh", "-e", script.toString(), "x");
        assertThat(root(trace).name()).isEqualTo("script.sh");
    }

    @ParameterizedTest
    @ValueSource(ints = {510, 511, 512, 513, 600, 3000})
    void aLongFilenameIsWholeOrMarked(int length) throws Exception {
        StringBuilder parent = new StringBuilder(directory.toString());
        int room = length - "/brief".length();
        while (parent.length() < room) {
            int rest = room - parent.length() - 1;
            parent.append('/').append("d".repeat(rest == 201 ? 199 : Math.min(200, rest)));
        }
        Path copy = Files.createDirectories(Path.of(parent.toString())).resolve("brief");
        TestPrograms.copy(brief.toString(), copy);
        assertThat(copy.toString()).hasSize(length);
        Exec exec = last(ended(Traces.of(copy.toString())));

        assertThat(exec.filenameTruncated()).isEqualTo(length > 511);
        assertThat(copy.toString()).startsWith(exec.filename());
        assertThat(exec.filename()).hasSize(Math.min(length, 511));
        assertThat(exec.name()).isEqualTo("brief");
    }

    @Test
    void aScriptOfAScriptIsTheLastInterpreter() throws Exception {
        Path inner = directory.resolve("inner");
        Path outer = directory.resolve("outer");
        Files.writeString(inner, "#!/bin/sh\nexit 21\n");
        Files.writeString(outer, "#!" + inner + "\n");
        Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(outer, PosixFilePermissions.fromString("rwxr-xr-x"));
        Trace trace = ended(Traces.of(outer.toString()));

        assertThat(root(trace).exe()).isEqualTo(Path.of("/bin/sh").toRealPath().toString());
        assertThat(last(trace).filename()).isEqualTo(outer.toString());
        assertThat(root(trace).arguments()).containsExactly("/bin/sh", inner.toString(), outer.toString());
    }

    @Test
    void aSymbolicLinkIsResolved() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), brief);
        Trace trace = ended(Traces.of(link.toString()));

        assertThat(root(trace).exe()).isEqualTo(brief.toString());
        assertThat(last(trace).filename()).isEqualTo(link.toString());
        assertThat(root(trace).name()).isEqualTo("link");
    }

    @Test
    void aRelativePathIsResolved() throws Exception {
        Trace trace = ended(Traces.of(Traces.quiet("sh", "-c", "exec ./brief").directory(directory.toFile())));

        assertThat(root(trace).exe()).isEqualTo(brief.toString());
        assertThat(last(trace).filename()).isEqualTo("./brief");
    }

    @Test
    void execveatIsResolved() throws Exception {
        Trace trace = ended(Traces.of(TestPrograms.execs(), "relative", directory.toString(), "brief", "a", "b"));

        assertThat(root(trace).exe()).isEqualTo(brief.toString());
        assertThat(root(trace).arguments()).containsExactly("a", "b");
    }

    @Test
    void fexecveIsResolved() throws Exception {
        Trace trace = ended(Traces.of(TestPrograms.execs(), "descriptor", brief.toString(), "a"));

        assertThat(root(trace).exe()).isEqualTo(brief.toString());
        assertThat(last(trace).filename()).startsWith("/dev/fd/");
    }

    @Test
    void aProgramInMemoryHasItsName() throws Exception {
        Trace trace = ended(Traces.of(TestPrograms.execs(), "memory", brief.toString(), "a"));

        assertThat(root(trace).exe()).isEqualTo("/memfd:program");
        assertThat(root(trace).arguments()).containsExactly("a");
    }

    @Test
    void aDeletedFileHasTheNameThatItHad() throws Exception {
        Trace trace = ended(Traces.of(TestPrograms.execs(), "deleted", brief.toString(), "a"));

        assertThat(root(trace).exe()).isEqualTo(brief.toString());
        assertThat(Files.exists(brief)).isFalse();
    }

    @Test
    void aNameOfOddBytesSurvives() throws Exception {
        Trace trace = ended(Traces.of(
                "sh",
                "-c",
                "cp \"$0\" \"$1/$(printf 'x\\377 y')\"; exec \"$1/$(printf 'x\\377 y')\"",
                brief.toString(),
                directory.toString()));

        assertThat(root(trace).exe()).isEqualTo(directory + "/x\udcff y");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 25, 40, 80})
    void aDeepDirectoryIsWhole(int depth) throws Exception {
        Path deep = TestPrograms.copy(brief.toString(), directory.resolve("d/".repeat(depth) + "brief"));

        assertThat(root(ended(Traces.of(deep.toString()))).exe()).isEqualTo(deep.toString());
        assertThat(root(ended(Traces.of(inItsDirectory(deep)))).exe()).isEqualTo(deep.toString());
    }

    @Test
    void longNamesAreWhole() throws Exception {
        Path one = TestPrograms.copy(brief.toString(), directory.resolve("n".repeat(250) + "/brief"));
        Path two = TestPrograms.copy(brief.toString(), directory.resolve(("n".repeat(250) + "/").repeat(2) + "brief"));

        assertThat(root(ended(Traces.of(one.toString()))).exe()).isEqualTo(one.toString());
        assertThat(root(ended(Traces.of(inItsDirectory(two)))).exe()).isEqualTo(two.toString());
    }

    /** What the kernel side has no room for is asked of /proc while the process lives. */
    @ParameterizedTest
    @ValueSource(strings = {"d/", "a name of some length/"})
    void aPathBeyondTheLimitIsThatOfProc(String component) throws Exception {
        Path deep = TestPrograms.copy("/bin/sleep", directory.resolve(component.repeat(150) + "sleep"));
        try (TracedCommand command = Tracer.launch(Traces.quiet("sh", "-c", "exec ./sleep 60")
                .directory(deep.getParent().toFile()))) {
            for (int i = 0; i < 1000 && root(command.trace()).execs().size() < 2; i++) {
                Thread.sleep(10);
            }
            command.killTree();

            assertThat(root(command.trace()).exe()).isEqualTo(deep.toString());
        }
    }

    private static ProcessBuilder inItsDirectory(Path program) {
        return Traces.quiet("sh", "-c", "exec ./" + program.getFileName())
                .directory(program.getParent().toFile());
    }
}
