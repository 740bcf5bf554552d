package io.schedtrace.otel;

import static io.schedtrace.lab.Spans.START;
import static io.schedtrace.lab.Spans.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import org.junit.jupiter.api.Test;

class ProcessAttributesTest {
    private static final AttributeKey<Boolean> FILENAME_TRUNCATED =
            AttributeKey.booleanKey("schedtrace.filename_truncated");

    @Test
    void shouldMarkTruncatedFilenames() {
        Exec cut =
                Exec.builder().time(START).exe("/bin/a").filenameTruncated(true).build();
        Exec whole = Exec.builder().time(START).exe("/bin/b").build();

        assertThat(attributes(process(1, "a").execs(whole, cut).build()).get(FILENAME_TRUNCATED))
                .isTrue();
        assertThat(attributes(process(1, "b").execs(cut, whole).build()).get(FILENAME_TRUNCATED))
                .isNull();
        assertThat(ProcessAttributes.events(process(1, "b").execs(cut, whole).build()))
                .extracting(event -> event.getAttributes().get(FILENAME_TRUNCATED))
                .containsExactly(true, null);
    }

    private static Attributes attributes(ProcessSpan process) {
        AttributesBuilder attributes = Attributes.builder();
        ProcessAttributes.put(process, false, Redactor.standard(), attributes);
        return attributes.build();
    }
}
