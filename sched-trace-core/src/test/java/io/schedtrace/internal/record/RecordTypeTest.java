package io.schedtrace.internal.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.bpf.RecordLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RecordTypeTest {
    @Test
    void shouldBeTheTypesOfTheKernelSideInTheirOrder() {
        assertThat(RecordType.values()).hasSize(RecordLayout.Type.COUNT - 1);
        assertThat(Arrays.stream(RecordType.values()).map(RecordType::label))
                .containsExactlyElementsOf(Arrays.stream(RecordType.values())
                        .map(type -> RecordLayout.Type.name(type.ordinal() + 1))
                        .toList());
    }
}
