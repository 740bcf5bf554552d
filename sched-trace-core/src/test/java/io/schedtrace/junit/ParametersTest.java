package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersTest {
    private static Parameters of(Map<String, String> values) {
        return new Parameters(name -> Optional.ofNullable(values.get(name)));
    }

    private static Parameters of(String name, String value) {
        return of(Map.of("io.schedtrace.everyTest", "true", "io.schedtrace." + name, value));
    }

    @Test
    void shouldHaveTheDefaultsOfTheAnnotation() {
        Settings settings = of(Map.of()).settings();
        assertThat(settings.whenUnavailable()).isEqualTo(WhenUnavailable.AUTO);
        assertThat(settings.leakedProcesses()).isEqualTo(LeakedProcesses.IGNORE);
        assertThat(settings.failOnLoss()).isFalse();
        assertThat(settings.allowed().allowsEverything()).isTrue();
        assertThat(settings.processes().allowsEverything()).isTrue();
        assertThat(settings.onForbidden()).isEqualTo(OnForbidden.FAIL);
        assertThat(settings.strays()).isEqualTo(Strays.FAIL);
        assertThat(settings.alwaysReport()).isFalse();
        assertThat(of(Map.of()).everyTest()).isFalse();
        assertThat(of(Map.of()).reportDirectory()).isEqualTo(Path.of("target/sched-trace"));
    }

    @Test
    void shouldHaveEverySetting() {
        Parameters parameters = of(Map.of(
                "io.schedtrace.everyTest", "TRUE",
                "io.schedtrace.whenUnavailable", "skip",
                "io.schedtrace.leakedProcesses", "kill",
                "io.schedtrace.failOnLoss", "true",
                "io.schedtrace.allowConnections", "localhost:*, 10.0.0.0/8",
                "io.schedtrace.allowProcesses", "git,!curl",
                "io.schedtrace.onForbidden", "KILL",
                "io.schedtrace.strays", "report",
                "io.schedtrace.alwaysReport", "true",
                "io.schedtrace.reportDirectory", "somewhere"));
        parameters.check();
        Settings settings = parameters.settings();
        assertThat(settings.whenUnavailable()).isEqualTo(WhenUnavailable.SKIP);
        assertThat(settings.guards())
                .containsExactly(
                        "leakedProcesses = KILL",
                        "failOnLoss = true",
                        "allowConnections = [localhost:*, 10.0.0.0/8]",
                        "allowProcesses = [git, !curl]");
        assertThat(settings.onForbidden()).isEqualTo(OnForbidden.KILL);
        assertThat(settings.strays()).isEqualTo(Strays.REPORT);
        assertThat(settings.alwaysReport()).isTrue();
        assertThat(parameters.reportDirectory()).isEqualTo(Path.of("somewhere"));
    }

    @Test
    void shouldAllowNothingByAnEmptyList() {
        assertThat(of("allowConnections", "").settings().allowed()).hasToString("[]");
        assertThat(of("allowProcesses", " ").settings().processes()).hasToString("[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "leakedProcesses|FIAL|io.schedtrace.leakedProcesses is 'FIAL'; it can be one of [IGNORE, REPORT, FAIL, KILL];"
                        + " did you mean FAIL?",
                "strays|no|io.schedtrace.strays is 'no'; it can be one of [FAIL, REPORT, IGNORE]",
                "failOnLoss|yes|io.schedtrace.failOnLoss is 'yes'; it can be true or false",
                "everyTest|ture|io.schedtrace.everyTest is 'ture'; it can be true or false",
                "allowConnections|a b|allowConnections: 'a b' is not a pattern: 'a b' is neither a host name nor an address",
                "allowProcesses|git,,ls|allowProcesses: '' is not a pattern: it is empty",
                "onForbidden|KILL|onForbidden = KILL has no effect: allowConnections and allowProcesses allow everything",
            })
    void shouldRefuseAValue(String name, String value, String message) {
        Parameters parameters =
                name.equals("everyTest") ? of(Map.of("io.schedtrace.everyTest", value)) : of(name, value);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> {
                    parameters.check();
                    parameters.everyTest();
                })
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "io.schedtrace.allowConection, io.schedtrace.allowConnections",
        "io.schedtrace.allowProcess, io.schedtrace.allowProcesses",
        "io.schedtrace.everytest, io.schedtrace.everyTest",
        "io.schedtrace.whenUnavailible, io.schedtrace.whenUnavailable",
        "io.schedtrace.reportDir, io.schedtrace.reportDirectory",
        "io.sched-trace.everyTest, io.schedtrace.everyTest",
        "IO.SCHEDTRACE.STRAYS, io.schedtrace.strays",
    })
    void shouldNameTheNearestName(String mistake, String right) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parameters.checkNames(List.of("java.home", right, mistake)))
                .withMessage("there is no parameter " + mistake + "; did you mean " + right + "?");
    }

    @Test
    void shouldKnowTheOtherProperties() {
        assertThatNoException()
                .isThrownBy(() -> Parameters.checkNames(List.of(
                        "io.schedtrace.library",
                        "io.schedtrace.via",
                        "io.schedtrace.test.patience",
                        "io.schedtrace.faults.times",
                        "io.schedtracer.mine",
                        "junit.jupiter.extensions.autodetection.enabled")));
    }

    @Test
    void shouldRefuseASettingWithoutEffect() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        of(Map.of("io.schedtrace.leakedProcesses", "FAIL")).check())
                .withMessage(
                        "io.schedtrace.leakedProcesses has no effect without io.schedtrace.everyTest: set that to true"
                                + " to trace every test, or to false if you mean that");
        of(Map.of("io.schedtrace.leakedProcesses", "FAIL", "io.schedtrace.everyTest", "false"))
                .check();
        of(Map.of("io.schedtrace.whenUnavailable", "FAIL", "io.schedtrace.reportDirectory", "x"))
                .check();
    }

    @Test
    void shouldRefuseEveryTestWithoutAutodetection() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(Map.of("io.schedtrace.everyTest", "true")).checkAutodetection())
                .withMessage("io.schedtrace.everyTest does not work with JUnit Jupiter without"
                        + " junit.jupiter.extensions.autodetection.enabled; set both to true");
    }
}
