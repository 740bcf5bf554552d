package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.internal.text.Printable;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OtlpSecretsTest {
    private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    @Test
    void shouldHideHeadersThatAnAnswerEchoes() {
        OtlpSecrets secrets = new OtlpSecrets(Map.of(
                HEADERS,
                "x-team=tea%20mkey, authorization=Basic dTpodW50ZXIy",
                "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
                "x-other=opaque"));
        assertThat(secrets.hide("no team tea%20mkey or tea mkey: dTpodW50ZXIy and opaque are refused"))
                .isEqualTo("no team *** or ***: *** and *** are refused");
        assertThat(new OtlpSecrets(Map.of()).hide("400: Authorization: Bearer abc"))
                .isEqualTo("400: Authorization: Bearer ***");
    }

    @Test
    void shouldHidePasswordsOfEndpoints() {
        for (String endpoint : new String[] {"http://me:hunter2@h:4318", "me:hunter2@h", "htp//me:hun/ter2@h", "x@"}) {
            String shown = new OtlpSecrets(Map.of(ENDPOINT, endpoint)).hide("the endpoint must be a URL: " + endpoint);
            assertThat(shown).startsWith("the endpoint must be a URL: ").doesNotContain("hunter2", "ter2");
        }
    }

    @Test
    void shouldEscapeAndCutAnswers() {
        OtlpSecrets secrets = new OtlpSecrets(Map.of());
        assertThat(secrets.hide("a\n b \033[31mred\033]0;x\007")).isEqualTo("a b \\x1b[31mred\\x1b]0;x\\x07");
        assertThat(secrets.hide("\033[31m".repeat(20_000)))
                .hasSizeLessThan(2_100)
                .endsWith("…")
                .matches(Printable::isPlain);
    }

    @Test
    void shouldTakeVariablesThatAreNotValid() {
        OtlpSecrets secrets = new OtlpSecrets(Map.of(HEADERS, "no-value,=,a=%zz,,", ENDPOINT, "@"));
        assertThat(secrets.hide("invalid: no-value")).isEqualTo("invalid: ***");
    }
}
