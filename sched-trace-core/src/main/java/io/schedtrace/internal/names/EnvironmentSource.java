package io.schedtrace.internal.names;

import io.schedtrace.hosts.HostSink;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.hosts.StaticSource;
import io.schedtrace.internal.names.find.HostFinder;
import io.schedtrace.internal.names.find.KeyKind;
import io.schedtrace.internal.text.HostText;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds host names in the environment of a process. The origin is {@code environ}.
 *
 * <p>It finds URLs and {@code host:port} in any variable, and bare names in variables for hosts ({@code PGHOST}, {@code
 * *_HOST}, {@code *_URL}, {@code *_ENDPOINT}, {@code *_ADDR}, {@code *_SERVERS}). Values may be JSON, connection
 * strings, or lines of YAML or properties. A variable that Docker sets for a link or Kubernetes for a service ({@code
 * DB_PORT_5432_TCP_ADDR}, {@code REDIS_SERVICE_HOST}) has an address for the host that it is named after: a fact.
 *
 * <p>Variables named like a secret are ignored. No value is kept, and of names only those that have the usual form.
 */
public final class EnvironmentSource implements StaticSource {
    private static final int MAX_KINDS = 1_024;

    /** The usual form of a name. In a damaged environment the text before the equals sign may be a secret. */
    private static final Pattern USUAL_NAME = Pattern.compile("[A-Z_][A-Z0-9_]{0,63}");

    private static final Pattern SERVICE =
            Pattern.compile("([A-Z][A-Z0-9_]{0,62})_(?:SERVICE_HOST|PORT_[0-9]{1,5}_(?:TCP|UDP)_ADDR)");

    /** The kinds of names seen so far; most processes have the same names. */
    private final Map<String, KeyKind> kinds = new ConcurrentHashMap<>();

    /** Creates the source. */
    public EnvironmentSource() {}

    @Override
    public String origin() {
        return "environ";
    }

    @Override
    public void inspect(ProcessImage image, HostSink sink) {
        HostFinder finder = new HostFinder(sink);
        for (String variable : image.environment()) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                String name = variable.substring(0, equals);
                String value = variable.substring(equals + 1);
                if (!service(name, value, sink)) {
                    finder.inSetting(kind(name), name, value);
                }
            }
        }
    }

    private KeyKind kind(String name) {
        KeyKind kind = kinds.get(name);
        if (kind == null) {
            kind = KeyKind.of(name);
            if (kinds.size() < MAX_KINDS && USUAL_NAME.matcher(name).matches()) {
                kinds.put(name, kind);
            }
        }
        return kind;
    }

    /** Reports the fact in a variable of Docker or Kubernetes; returns whether there is one. */
    private static boolean service(String name, String value, HostSink sink) {
        if (!name.endsWith("_SERVICE_HOST") && !name.endsWith("_ADDR")) {
            return false;
        }
        InetAddress address = HostText.address(value);
        Matcher service = SERVICE.matcher(name);
        if (address == null || !service.matches()) {
            return false;
        }
        sink.fact(service.group(1).toLowerCase(Locale.ROOT).replace('_', '-'), address);
        return true;
    }
}
