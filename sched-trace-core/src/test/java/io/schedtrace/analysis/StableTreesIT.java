package io.schedtrace.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.Trace;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real programs have the same normalised tree each time. {@code -Dio.schedtrace.test.repetitions=100} runs each so
 * often; a build runs each a few times.
 */
@KernelTest
class StableTreesIT {
    private static final int REPETITIONS = Integer.getInteger("io.schedtrace.test.repetitions", 4);

    private static boolean isThere(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '¦', quoteCharacter = '"', textBlock = """
        make   ¦ printf 'all: a.o b.o c.o d.o e.o f.o\\n%%.o:\\n\\t@echo "int $*;" > $*.c; $(CC) -c $*.c -o $@\\n' > Makefile; make -s -j4
        gcc    ¦ echo 'int main(void) { return 0; }' > m.c; gcc -pipe m.c -o m && gcc -c m.c && ./m
        git    ¦ git init -q r; cd r; git config user.email a@b; git config user.name n; for i in 1 2 3; do echo $i > $i; git add $i; git commit -qm $i; done; git log --oneline | head -2; git -c gc.autoDetach=false gc -q; git clone -q . ../clone
        npm    ¦ printf '{"name":"a","version":"1.0.0","scripts":{"build":"node -e 1 && ls"}}' > package.json; npm run build --offline --no-update-notifier
        mvn    ¦ printf '<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version></project>' > pom.xml; mvn -o -q validate
        psql   ¦ psql -h 127.0.0.1 -p 1 -c 'select 1'; true
        python3 ¦ python3 -c 'import subprocess; [subprocess.run(["ls", "/"]) for i in range(3)]'
        tar    ¦ mkdir d; seq 1000 > d/a; tar czf d.tgz d; tar xzf d.tgz; gzip -t d.tgz
        xargs  ¦ seq 20 | xargs -P 4 -n 1 sh -c 'mktemp; exec true'
        curl   ¦ curl -s http://localhost:1/; curl -s http://127.0.0.1:1/ | wc -c
        node   ¦ node -e 'require("child_process").execSync("ls | sort")'
        find   ¦ find /etc -maxdepth 1 -name 'host*' -exec wc -c {} \\; | sort | uniq -c | awk '{print $2}'
        """)
    void shouldBeTheSameEachTime(String program, String script) throws Exception {
        assumeThat(isThere(program)).as(program + " is on the PATH").isTrue();
        String first = null;
        for (int i = 0; i < REPETITIONS; i++) {
            Trace trace = run(script);
            String text = TraceDiff.normalized(trace);
            if (first == null) {
                first = text;
                assertThat(trace.processes()).hasSizeGreaterThan(1);
            }
            assertThat(TraceDiff.of(first, trace).toString())
                    .as("repetition %d", i)
                    .isEqualTo("no differences");
            assertThat(text).isEqualTo(first);
        }
    }

    /** Runs a script in a directory of its own. */
    private static Trace run(String script) throws IOException, InterruptedException {
        Path own = Files.createTempDirectory("stable");
        try {
            return Traces.of(new ProcessBuilder("sh", "-c", script)
                    .directory(own.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD));
        } finally {
            assertThat(new ProcessBuilder("rm", "-rf", own.toString()).start().waitFor())
                    .isZero();
        }
    }
}
