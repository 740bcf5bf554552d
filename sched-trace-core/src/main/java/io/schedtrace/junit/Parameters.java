package io.schedtrace.junit;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The configuration parameters of the library, which are JUnit's or system properties: {@code io.schedtrace.} and the
 * name of a setting of {@link TraceProcesses}.
 *
 * @param values the value of a parameter, by its whole name
 */
record Parameters(Function<String, Optional<String>> values) {
    static final String PREFIX = "io.schedtrace.";

    /** Traces every test. */
    static final String EVERY_TEST = PREFIX + "everyTest";

    private static final String AUTODETECTION = "junit.jupiter.extensions.autodetection.enabled";
    private static final String LEAKED_PROCESSES = PREFIX + "leakedProcesses";
    private static final String FAIL_ON_LOSS = PREFIX + "failOnLoss";
    private static final String ALLOW_CONNECTIONS = PREFIX + "allowConnections";
    private static final String ALLOW_PROCESSES = PREFIX + "allowProcesses";
    private static final String ON_FORBIDDEN = PREFIX + "onForbidden";
    private static final String STRAYS = PREFIX + "strays";
    private static final String ALWAYS_REPORT = PREFIX + "alwaysReport";

    /** The settings of tests that are traced by {@link #EVERY_TEST}, and of no others. */
    private static final List<String> OF_EVERY_TEST = List.of(
            LEAKED_PROCESSES, FAIL_ON_LOSS, ALLOW_CONNECTIONS, ALLOW_PROCESSES, ON_FORBIDDEN, STRAYS, ALWAYS_REPORT);

    /** What else begins with {@link #PREFIX}: system properties of other packages. */
    private static final List<String> OTHERS = List.of(
            EVERY_TEST,
            WhenUnavailable.PARAMETER,
            TraceProcesses.REPORT_DIRECTORY,
            TraceBaseline.PARAMETER,
            TraceBaseline.DIRECTORY,
            PREFIX + "library",
            PREFIX + "via");

    /** What those begin with that only the tests of the library have. */
    private static final Pattern OF_OWN_TESTS = Pattern.compile("io\\.schedtrace\\.(test|faults)\\..*");

    /** The system properties alone. */
    static Parameters ofSystem() {
        return new Parameters(name -> Optional.ofNullable(System.getProperty(name)));
    }

    /**
     * Checks that all names with the prefix of the library are known.
     *
     * @throws IllegalArgumentException if one is not; it names the nearest that is
     */
    static void checkNames(Collection<String> names) {
        names.stream().sorted().filter(Parameters::isUnknown).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("there is no parameter " + name + "; did you mean "
                    + Nearest.of(name, Stream.concat(OF_EVERY_TEST.stream(), OTHERS.stream())) + "?");
        });
    }

    private static boolean isUnknown(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
        return plain.startsWith(PREFIX)
                && !OF_EVERY_TEST.contains(name)
                && !OTHERS.contains(name)
                && !OF_OWN_TESTS.matcher(name).matches();
    }

    /**
     * Checks the values, and that none is without effect.
     *
     * @throws IllegalArgumentException if there is a mistake; it says what to do
     */
    void check() {
        everyTest();
        settings();
        whenUnavailable();
        updateBaselines();
        if (values.apply(EVERY_TEST).isEmpty()) {
            OF_EVERY_TEST.stream()
                    .filter(name -> values.apply(name).isPresent())
                    .findFirst()
                    .ifPresent(name -> {
                        throw new IllegalArgumentException(name + " has no effect without " + EVERY_TEST
                                + ": set that to true" + " to trace every test, or to false if you mean that");
                    });
        }
    }

    /**
     * Checks that JUnit Jupiter will find the extension.
     *
     * @throws IllegalArgumentException if it will not
     */
    void checkAutodetection() {
        if (everyTest()
                && !values.apply(AUTODETECTION).map(Boolean::parseBoolean).orElse(false)) {
            throw new IllegalArgumentException(
                    EVERY_TEST + " does not work with JUnit Jupiter without " + AUTODETECTION + "; set both to true");
        }
    }

    /** Whether every test is traced. */
    boolean everyTest() {
        return bool(EVERY_TEST);
    }

    /** The settings of tests that have none of their own. */
    Settings settings() {
        return new Settings(
                whenUnavailable().orElse(WhenUnavailable.AUTO),
                choice(LEAKED_PROCESSES, LeakedProcesses.values()).orElse(LeakedProcesses.IGNORE),
                bool(FAIL_ON_LOSS),
                AllowedConnections.parse(patterns(ALLOW_CONNECTIONS)),
                AllowedProcesses.parse(patterns(ALLOW_PROCESSES)),
                choice(ON_FORBIDDEN, OnForbidden.values()).orElse(OnForbidden.FAIL),
                choice(STRAYS, Strays.values()).orElse(Strays.FAIL),
                bool(ALWAYS_REPORT),
                tracer -> {});
    }

    /** What takes precedence over the settings of tests where tracing is not available. */
    Optional<WhenUnavailable> whenUnavailable() {
        return choice(WhenUnavailable.PARAMETER, WhenUnavailable.values());
    }

    /** Where the reports are. */
    Path reportDirectory() {
        return Path.of(values.apply(TraceProcesses.REPORT_DIRECTORY).orElse("target/sched-trace"));
    }

    /** Where the baselines are. */
    Path baselineDirectory() {
        return Path.of(values.apply(TraceBaseline.DIRECTORY).orElse("src/test/resources"));
    }

    /** Whether baselines are written. */
    boolean updateBaselines() {
        return values.apply(TraceBaseline.PARAMETER)
                .map(value -> {
                    if (!value.strip().equals("update")) {
                        throw new IllegalArgumentException(
                                TraceBaseline.PARAMETER + " is '" + value + "'; it can be update, or not be set");
                    }
                    return true;
                })
                .orElse(false);
    }

    private List<String> patterns(String name) {
        String value = values.apply(name).orElse("*").strip();
        return value.isEmpty() ? List.of() : List.of(value.split("\\s*,\\s*", -1));
    }

    private boolean bool(String name) {
        return values.apply(name)
                .map(String::strip)
                .map(value -> switch (value.toLowerCase(Locale.ROOT)) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw new IllegalArgumentException(name + " is '" + value + "'; it can be true or false");
                })
                .orElse(false);
    }

    private <E extends Enum<E>> Optional<E> choice(String name, E[] choices) {
        return values.apply(name)
                .map(value -> Arrays.stream(choices)
                        .filter(choice -> choice.name().equals(value.strip().toUpperCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(name + " is '" + value + "'; it can be one of "
                                + Arrays.toString(choices)
                                + Nearest.suggestion(
                                        value.strip().toUpperCase(Locale.ROOT),
                                        Arrays.stream(choices).map(Enum::name)))));
    }
}
