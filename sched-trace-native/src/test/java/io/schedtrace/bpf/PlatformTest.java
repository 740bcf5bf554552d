package io.schedtrace.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux-x86_64, true",
        "Linux, x86_64, linux-x86_64, true",
        "LINUX, AMD64, linux-x86_64, true",
        "Linux, aarch64, linux-aarch64, true",
        "Linux, arm64, linux-aarch64, true",
        "Linux, riscv64, linux-riscv64, true",
        "Mac OS X, aarch64, mac_os_x-aarch64, false",
        "Windows 11, amd64, windows_11-x86_64, false",
    })
    void shouldNameTheFolderOfTheLibrary(String os, String arch, String folder, boolean linux) {
        Platform platform = Platform.of(os, arch);
        assertThat(platform.libraryResource()).isEqualTo("META-INF/native/" + folder + "/libschedtrace.so");
        assertThat(platform.isLinux()).isEqualTo(linux);
    }

    @Test
    void shouldNotDependOnTheLanguage() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(Platform.of("LINUX", "RISCV64")).isEqualTo(new Platform("linux", "riscv64"));
        } finally {
            Locale.setDefault(before);
        }
    }
}
