package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReportNameTest {
    static class Above {
        void inherited(int a) {}

        void date(java.util.Date a) {}
    }

    @SuppressWarnings("UnicodeInCode")
    static class Sample extends Above {
        void plain(int a) {}

        void 注文を作成する() {}

        void 注文を削除する() {}

        void inherited(String a) {}

        void date(java.sql.Date a) {}

        void caseOnly() {}

        void caseONLY() {}

        void clasS() {}

        void 長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長1() {}

        void 長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長長2() {}
    }

    private static List<String> names() {
        return Stream.of(Sample.class, Above.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .map(method -> ReportName.of(Sample.class, method))
                .toList();
    }

    private static String name(String method, Class<?>... parameters) throws NoSuchMethodException {
        Method found = Sample.class.getDeclaredMethod(method, parameters);
        return ReportName.of(Sample.class, found);
    }

    @Test
    void shouldBeUniqueWithoutCase() {
        assertThat(names().stream().map(name -> name.toLowerCase(Locale.ROOT)))
                .doesNotHaveDuplicates()
                .doesNotContain("class");
    }

    @Test
    void shouldFitIntoAFileName() {
        assertThat(names()).allMatch(name -> name.getBytes(StandardCharsets.UTF_8).length < 220);
    }

    @Test
    void shouldBeReadable() throws NoSuchMethodException {
        assertThat(name("plain", int.class)).isEqualTo("plain");
        assertThat(name("inherited", String.class)).isEqualTo("inherited(String)");
        if ("UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"))) {
            assertThat(name("注文を作成する")).isEqualTo("注文を作成する");
        } else {
            assertThat(name("注文を作成する")).matches("_{7}-[0-9a-f]{8}");
        }
        assertThat(ReportName.of(Sample.class)).isEqualTo(Sample.class.getName());
    }
}
