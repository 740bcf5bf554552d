package io.schedtrace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
    private static final Pattern SEPARATOR = Pattern.compile(" ¦ ");
    private static final int KIB_128 = 128 * 1024;

    static List<String> cases() throws IOException {
        try (InputStream in = Objects.requireNonNull(RedactorTest.class.getResourceAsStream("redactions.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldHideSecretsOnly(String line) {
        String[] sides =
                line.startsWith("= ") ? new String[] {line.substring(2), line.substring(2)} : line.split(" => ");
        List<String> arguments = List.of(SEPARATOR.split(sides[0]));
        List<String> shown = List.of(SEPARATOR.split(sides[1]));

        assertThat(Redactor.standard().arguments(arguments)).isEqualTo(shown);
        assertThat(Redactor.standard().arguments(shown)).as("a second time").isEqualTo(shown);
        assertThat(Redactor.none().arguments(arguments)).isEqualTo(arguments);
    }

    @Test
    void shouldHaveAsManyCasesThatHideNothing() throws IOException {
        List<String> cases = cases();
        assertThat(cases.stream().filter(line -> line.startsWith("= "))).hasSizeGreaterThanOrEqualTo(cases.size() / 2);
    }

    @Test
    void shouldApplyWhatUsersAdd() {
        Redactor redactor =
                Redactor.standard().and(Pattern.compile("ACME-\\d+")).and(text -> text.replace("hunter2", "<hidden>"));
        assertThat(redactor.arguments(List.of("x", "--password=a", "ACME-12", "hunter2")))
                .containsExactly("x", "--password=***", "***", "<hidden>");
        assertThat(redactor.text("ACME-12 of hunter2")).isEqualTo("*** of <hidden>");
        assertThat(Redactor.none().and(Pattern.compile("b")).arguments(List.of("--password=b")))
                .containsExactly("--password=***");
    }

    @Test
    void shouldRefuseAFunctionThatReturnsNull() {
        Redactor redactor = Redactor.none().and(text -> null);
        assertThatNullPointerException()
                .isThrownBy(() -> redactor.text("x"))
                .withMessage("a function of a Redactor returned null");
    }

    @Test
    void shouldTakeAnEmptyList() {
        assertThat(Redactor.standard().arguments(List.of())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.schedtrace.lab.HostileStrings#all")
    void shouldTakeAnyString(String hostile) {
        assertThat(Redactor.standard().arguments(List.of("sh", "-c", hostile + ' ', hostile)))
                .hasSize(4);
        assertThat(Redactor.standard().text(hostile)).isEqualTo(hostile);
    }

    static Stream<String> repeated() {
        return Stream.of(
                "://:",
                "://@",
                "a://b ",
                "http://",
                "http://u:",
                "\"a://b:c/",
                "'a://b:c/'x",
                ":\\/\\/",
                "u:@",
                "@:",
                "key=",
                "key=\"",
                "key='",
                "key=\\\"",
                "token=",
                "token=\"",
                "\"key\":\"",
                "\"token\":",
                "key: ",
                "token: ",
                "Cookie:",
                "Authorization: ",
                "a",
                "-",
                "eyJ",
                "eyJa-",
                "eyJaaaaaaaa.",
                "ghp_",
                "sk-",
                "sk-a",
                "eyJaaaaaaaa..",
                "%3A%2F%2F",
                "%3A%2F%2Fu%40",
                "%3A%2F%2Fu%3A",
                "%25",
                "%2525253A",
                "-----BEGIN ",
                "-----BEGIN A PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY----- -----END ",
                "http://b:80/?a=",
                "http://b:80/a",
                "bearer a",
                "Bearer ",
                "Bearer\t",
                "$(",
                "`",
                "(",
                ")",
                "'",
                "\"",
                "\\",
                "${",
                "${a",
                "a;",
                "a=b ",
                "-u a:b;",
                "curl -u ",
                "sh -c '",
                "sh -c \"",
                "\\\"",
                "env ",
                "key=key: ",
                "aA",
                "0aA",
                "<",
                " ",
                "\n",
                "\0",
                "\udc80");
    }

    @ParameterizedTest
    @MethodSource("repeated")
    void shouldTakeLinearTime(String part) {
        String hostile = part.repeat(KIB_128 / part.length());
        Duration limit = Duration.ofSeconds(20);
        for (String argument :
                List.of(hostile, "@ " + hostile + "@h", "http://x:" + hostile + '"', "--password " + hostile + '\'')) {
            assertTimeout(limit, () -> Redactor.standard().text(argument));
            assertTimeout(limit, () -> Redactor.standard().arguments(List.of("sh", "-c", argument)));
            assertTimeout(limit, () -> Redactor.standard().arguments(List.of("curl", argument, "--key=" + argument)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "env", "curl", "htpasswd", "mysql", "x"})
    void shouldTakeLinearTimeForManyArguments(String program) {
        for (String part : List.of("-b", "-u", "--password", "a=b", "login", "curl", "set", "token")) {
            String[] arguments = new String[KIB_128];
            java.util.Arrays.fill(arguments, part);
            arguments[0] = program;
            assertTimeout(Duration.ofSeconds(20), () -> Redactor.standard().arguments(List.of(arguments)));
        }
    }
}
