package io.schedtrace.internal.names;

import io.schedtrace.hosts.HostSink;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.hosts.StaticSource;
import io.schedtrace.internal.names.find.KeyKind;
import io.schedtrace.internal.names.find.Settings;
import io.schedtrace.internal.text.HostText;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names in the environment of a process, origin {@code environ}: URLs and {@code host:port} in any variable, bare names
 * in those that are made for hosts ({@code PGHOST}, {@code *_HOST}, {@code *_URL}, {@code *_ENDPOINT}, {@code *_ADDR},
 * {@code *_SERVERS}, ...), the same in JSON members, connection strings and lines of YAML or properties. The
 * variables that Docker links and Kubernetes services set ({@code DB_PORT_5432_TCP_ADDR}, {@code REDIS_SERVICE_HOST})
 * hold an address and bear the name: that is a fact.
 *
 * <p>Variables named like a secret are not looked at. No value is kept, and of names only those in capitals.
 */
public final class EnvironmentSource implements StaticSource {
    private static final int MAX_KINDS = 1_024;

    /** The form of a name that is one; in a damaged environment a secret may stand before the equals sign. */
    private static final Pattern USUAL_NAME = Pattern.compile("[A-Z_][A-Z0-9_]{0,63}");

    private static final Pattern SERVICE =
            Pattern.compile("([A-Z][A-Z0-9_]{0,62})_(?:SERVICE_HOST|PORT_[0-9]{1,5}_(?:TCP|UDP)_ADDR)");

    /** What names of variables say: processes have mostly the same ones. */
    private final Map<String, KeyKind> kinds = new ConcurrentHashMap<>();

    /** Makes the source. */
    public EnvironmentSource() {}

    @Override
    public String origin() {
        return "environ";
    }

    @Override
    public void inspect(ProcessImage image, HostSink sink) {
        Settings settings = new Settings(sink);
        for (String variable : image.environment()) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                variable(variable.substring(0, equals), variable.substring(equals + 1), settings);
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

    private void variable(String name, String value, Settings settings) {
        boolean maybeService = name.endsWith("_SERVICE_HOST") || name.endsWith("_ADDR");
        InetAddress address = maybeService ? HostText.address(value) : null;
        if (address == null || !service(name, address, settings.sink())) {
            settings.setting(kind(name), name, value);
        }
    }

    /** Tells the fact that is in a variable of Docker's or Kubernetes'; false if it is none. */
    private static boolean service(String name, InetAddress address, HostSink sink) {
        Matcher service = SERVICE.matcher(name);
        if (!service.matches()) {
            return false;
        }
        sink.fact(service.group(1).toLowerCase(Locale.ROOT).replace('_', '-'), address);
        return true;
    }
}
