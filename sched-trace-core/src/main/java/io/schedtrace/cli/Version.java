package io.schedtrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The output of {@code --version}: the version, which Maven writes into the jar, and the platform. */
final class Version implements IVersionProvider {
    private static final String POM_PROPERTIES = "/META-INF/maven/io.schedtrace/sched-trace-core/pom.properties";

    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream(POM_PROPERTIES)) {
            if (in != null) {
                properties.load(in);
            }
        }
        return new String[] {
            "sched-trace " + properties.getProperty("version", "(not packaged)"),
            "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                    + System.getProperty("os.version") + " " + System.getProperty("os.arch")
        };
    }
}
