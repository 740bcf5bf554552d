package io.schedtrace.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArgumentBytesTest {
    @Test
    void shouldAcceptWhatComesOutAsItCameIn() {
        byte[] line = bytes("java\0-cp\0x\0Main\0--\0gr\u00c3\u00bc\u00c3\u009fe\0\0a b\0");
        assertThat(ArgumentBytes.problem(new String[] {"--", "grüße", "", "a b"}, line, UTF_8))
                .isNull();
    }

    @Test
    void shouldRefuseWhatAnAsciiLocaleHasMangled() {
        byte[] line = bytes("java\0Main\0echo\0\u00c3\u00bc\0");
        assertThat(ArgumentBytes.problem(new String[] {"echo", "\ufffd\ufffd"}, line, US_ASCII))
                .isEqualTo("option 2 cannot be read in this locale's encoding, US-ASCII; set LC_ALL=C.UTF-8");
    }

    @Test
    void shouldRefuseBytesThatAreNotUtf8() {
        byte[] line = bytes("java\0Main\0\u00ff\0");
        assertThat(ArgumentBytes.problem(new String[] {"\ufffd"}, line, UTF_8))
                .isEqualTo("option 1 cannot be read in this locale's encoding, UTF-8; use names in UTF-8");
    }

    @Test
    void shouldNotJudgeArgumentsThatAreNotOnTheCommandLine() {
        assertThat(ArgumentBytes.problem(new String[] {"a", "b", "c"}, bytes("java\0@file\0"), UTF_8))
                .isNull();
    }

    private static byte[] bytes(String each) {
        return each.getBytes(ISO_8859_1);
    }
}
