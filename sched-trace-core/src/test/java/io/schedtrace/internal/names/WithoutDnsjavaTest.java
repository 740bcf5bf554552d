package io.schedtrace.internal.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.HostEvent.DnsAnswer;
import io.schedtrace.hosts.HostOptions;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.lab.DaemonThreads;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** dnsjava is optional: without it the package works, and DNS answers teach nothing. */
class WithoutDnsjavaTest {
    @Test
    void learnsNothingFromAnswersAndFailsNowhere() throws Exception {
        Class<?> probe = new Hiding(getClass().getClassLoader()).loadClass(Probe.class.getName());
        assertThat(probe.getClassLoader()).isInstanceOf(Hiding.class);
        BooleanSupplier available =
                (BooleanSupplier) probe.getDeclaredConstructor().newInstance();
        assertThat(available.getAsBoolean()).isFalse();
        assertThat(new Probe().getAsBoolean()).isTrue();
    }

    /** Uses the package as its own loader sees it. */
    public static final class Probe implements BooleanSupplier {
        /** For reflection. */
        public Probe() {}

        @Override
        public boolean getAsBoolean() {
            try (HostNames names = HostNames.open(
                    HostOptions.defaults(),
                    HostSources.staticSources(),
                    HostSources.dynamicSources(),
                    DaemonThreads.FACTORY)) {
                names.observed(1, new DnsAnswer(new byte[20]));
                names.executed(1, () -> new ProcessImage(1, "", List.of("x"), List.of()));
                new DnsSource().observe(new DnsAnswer(new byte[20]), new SourceSink(1));
                return names.awaitSettled(1, Duration.ofSeconds(10)) && DnsSource.available();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Loads our classes anew, and has no dnsjava. */
    private static final class Hiding extends ClassLoader {
        Hiding(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.xbill.")) {
                throw new ClassNotFoundException(name);
            }
            return name.startsWith("io.schedtrace.") ? own(name) : super.loadClass(name, resolve);
        }

        private synchronized Class<?> own(String name) throws ClassNotFoundException {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
