package io.schedtrace.internal.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.ProcessImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The largest texts that the kernel allows, built to make matching slow. Quadratic time would be minutes. */
@Timeout(60)
class HostileTextTest {
    /** The limit for one argument or variable. */
    private static final int LARGEST = 128 * 1024;

    /** The limit for a value that is split. */
    private static final int LARGEST_VALUE = 64 * 1024;

    private static final List<String> PARTS = List.of(
            "://:",
            "a://",
            "a:///",
            "a://?",
            "a://b,",
            "a://b:c/",
            "dns:///",
            "a+",
            "a=",
            "a=b;",
            "a='",
            "{{{{",
            "[[[[",
            "\"\",",
            "\"a\":",
            "\\u0041",
            ",,,,",
            ";",
            "a,",
            "@@@@",
            "a@",
            "@//a",
            "'",
            "\"",
            "\\",
            "    ",
            "a\n",
            "- a\n",
            "a: b\n",
            "----",
            "1",
            "1.",
            "aA",
            "A_",
            "(host = ",
            "@tcp(a",
            "/dev/tcp/a",
            "jdbc:oracle:a:",
            "server.1=a:1");

    private static final List<String> PREFIXES = List.of("", "{\"", "http://");

    private static final List<String> PROGRAMS = List.of("app", "curl", "ssh", "git", "socat", "mongosh");

    @Test
    void readsVariablesInLinearTime() {
        for (String part : PARTS) {
            for (String prefix : PREFIXES) {
                String text = prefix + part.repeat((LARGEST_VALUE - prefix.length()) / part.length());
                inspect(List.of("app"), List.of("X=" + text, "A_URL=" + text, "A_OPTS=" + text));
            }
        }
    }

    @Test
    void readsArgumentsInLinearTime() {
        for (String part : PARTS) {
            String text = part.repeat(LARGEST / part.length());
            for (String program : PROGRAMS) {
                inspect(List.of(program, text, "-" + text, "--" + text, "--host", text, "--resolve", text), List.of());
            }
        }
    }

    @Test
    void readsLongKeysInLinearTime() {
        for (String part : PARTS) {
            String key = part.replaceAll("[\"\\\\]", "a").repeat(LARGEST_VALUE / 2 / part.length());
            String elements = "\"\",".repeat(LARGEST_VALUE / 2 / 3 - 4);
            String array = "{\"" + key + "\":[" + elements;
            assertThat(array.length()).isLessThanOrEqualTo(LARGEST_VALUE);
            inspect(List.of("app"), List.of("X=" + array, key + "=[" + elements, key + "=a:80"));
        }
    }

    @Test
    void readsManyArgumentsInLinearTime() {
        List<String> arguments = "app -h -Da=b --host a:1 x=y; @ : ,"
                .repeat(10_000)
                .lines()
                .flatMap(line -> List.of(line.split(" ", -1)).stream())
                .toList();
        inspect(arguments, List.of());
    }

    private static void inspect(List<String> arguments, List<String> environment) {
        SourceSink sink = new SourceSink(100);
        sink.open("x");
        ProcessImage image = new ProcessImage(1, "/bin/" + arguments.get(0), arguments, environment);
        new EnvironmentSource().inspect(image, sink);
        new CommandLineSource().inspect(image, sink);
        assertThat(sink.candidates()).hasSizeLessThanOrEqualTo(100);
    }
}
