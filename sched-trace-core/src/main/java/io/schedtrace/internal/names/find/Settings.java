package io.schedtrace.internal.names.find;

import io.schedtrace.hosts.HostSink;
import io.schedtrace.internal.text.HostText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds hosts in what is set under a name: a variable, an option, a JSON member, part of a connection string. */
public final class Settings {
    /** Longer values are not looked at; the kernel's limit for one argument is twice as much. */
    private static final int MAX_VALUE = 65_536;

    /** Longer lists, of hosts or of options, are something else. */
    private static final int MAX_ELEMENTS = 1_024;

    private static final int MAX_DEPTH = 3;
    private static final Pattern SECURE_COPY = Pattern.compile("[\\w.-]{1,64}@([^:/@\\s]{1,255}):(?![0-9]+(?:/|$)).*");
    private static final Pattern PROTOCOL = Pattern.compile("(?:tcp|np|lpc|admin):(?=[^0-9])");

    /** A member of a ZooKeeper ensemble: {@code server.1=host:2888:3888;2181}. */
    private static final Pattern MEMBER = Pattern.compile("(?<![\\w.])server\\.\\d{1,3}=([^:;,=\\s]{1,255}):\\d+:\\d+");

    private static final Pattern WHITESPACE = Pattern.compile("\\s+");
    private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{1,30}://");

    private final HostSink sink;
    private int depth;

    public Settings(HostSink sink) {
        this.sink = sink;
    }

    /** Takes the hosts. */
    public HostSink sink() {
        return sink;
    }

    /** Tells that {@code name} is {@code address}, if they are a name and an address. */
    void fact(String name, String address) {
        InetAddress known = HostText.address(address.replace("[", "").replace("]", ""));
        if (known != null) {
            sink.fact(name, known);
        }
    }

    /** Finds the hosts in an argument {@code key=value}, which may be the first of several pairs. */
    void assignment(String argument, String key, String value) {
        boolean pairs = argument.indexOf(';') >= 0 || argument.chars().anyMatch(Character::isWhitespace);
        if (!pairs || !ConnectionString.scan(argument, this::setting)) {
            setting(key, value);
        }
    }

    /** Finds the hosts in {@code value}, which is set under {@code key}. */
    public void setting(String key, String value) {
        setting(KeyKind.of(key), key, value);
    }

    /** The same, knowing what {@code key} says. */
    public void setting(KeyKind kind, String key, String value) {
        if (kind == KeyKind.PRIVATE || value.length() > MAX_VALUE || depth >= MAX_DEPTH || !mayHaveHost(kind, value)) {
            return;
        }
        depth++;
        if (!members(value)
                && !JsonSettings.scan(key, value, this::setting)
                && !ConnectionString.scan(value, this::setting)
                && !(kind == KeyKind.OTHER && !key.isEmpty() && LineSettings.scan(value, this::line))) {
            plain(kind, value.strip());
        }
        depth--;
    }

    /** Whether {@code value} has members of an ensemble, whose hosts are told then. */
    private boolean members(String value) {
        if (!value.contains("server.")) {
            return false;
        }
        Matcher member = MEMBER.matcher(value);
        boolean found = false;
        while (member.find()) {
            server(member.group(1));
            found = true;
        }
        return found;
    }

    /** A key among others in a text, of which only those that are made for hosts count, and URLs. */
    private void line(String key, String value) {
        KeyKind kind = KeyKind.of(key);
        setting(kind == KeyKind.OTHER ? KeyKind.NO_HOST : kind, key, value);
    }

    /** Finds the hosts in a text that is set under no name. */
    void text(String text) {
        setting("", text);
    }

    /** Finds the hosts in the value of an option for hosts: URLs, {@code [user@]host[:port]}, or a list of that. */
    void hosts(String text) {
        if (!TextHosts.scan(text, sink)) {
            list(text, Standing.HOST);
        }
    }

    /** Finds the host in an argument that is one: a URL, {@code [user@]host[:port][/path]}. */
    void host(String text) {
        if (URL.matcher(text).lookingAt()) {
            TextHosts.scan(text, sink);
        } else {
            element(text, Standing.HOST).ifFound(sink);
        }
    }

    /** Finds the host in a text that rather is one than a file or a version. */
    void server(String text) {
        element(text, Standing.SETTING).ifFound(sink);
    }

    /** Whether there is anything to look for: a quick way out for most values. */
    private static boolean mayHaveHost(KeyKind kind, String value) {
        return switch (kind) {
            case HOST, SERVER, URL, OPTIONS -> true;
            case NO_HOST -> value.contains("://");
            default -> value.indexOf(':') >= 0 || value.indexOf('=') >= 0 || value.contains("/dev/");
        };
    }

    private void plain(KeyKind kind, String value) {
        if (kind == KeyKind.OPTIONS) {
            new Arguments(this).generic(List.of(WHITESPACE.split(value, MAX_ELEMENTS)));
        } else if (!TextHosts.scan(value, sink)) {
            switch (kind) {
                case HOST -> list(value, Standing.HOST);
                case SERVER -> list(value, Standing.SETTING);
                case URL -> list(value, Standing.LOCATION);
                case DISPLAY -> display(value);
                case OTHER -> list(value, Standing.LOOSE);
                default -> {}
            }
        }
    }

    private void display(String value) {
        int colon = value.indexOf(':');
        if (colon > 0) {
            element(value.substring(0, colon), Standing.HOST).ifFound(sink);
        }
    }

    /** Elements between commas, semicolons or blanks. Blanks are in prose too: each element must be a host then. */
    private void list(String value, Standing standing) {
        String text = ConnectionString.unquoted(value.strip());
        List<Found> all = new ArrayList<>();
        boolean strict = standing == Standing.LOOSE;
        for (int start = 0, end; start <= text.length(); start = end + 1) {
            end = endOfElement(text, start);
            String[] words = WHITESPACE.split(text.substring(start, end).strip(), -1);
            strict |= words.length > 1;
            for (String word : words) {
                boolean pairInProse = words.length > 1 && word.indexOf('=') > 0;
                Found found = pairInProse ? Found.NOTHING : element(ConnectionString.unquoted(word), standing);
                if ((strict && !found.certain(standing)) || all.size() > MAX_ELEMENTS) {
                    return;
                }
                all.add(found);
            }
        }
        if (!strict || all.stream().allMatch(found -> found.certain(standing))) {
            all.forEach(found -> found.ifFound(sink));
        }
    }

    private static int endOfElement(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) != ',' && text.charAt(end) != ';') {
            end++;
        }
        return end;
    }

    private Found element(String text, Standing standing) {
        if (text.isEmpty() || (standing == Standing.LOOSE && (text.indexOf('=') > 0 || text.endsWith(":")))) {
            return Found.SKIPPED;
        }
        Matcher copy = SECURE_COPY.matcher(text);
        if (standing == Standing.LOCATION && copy.matches()) {
            return Found.of(new Endpoint(copy.group(1), 1, null), Standing.HOST);
        }
        Matcher protocol = PROTOCOL.matcher(text);
        String rest = protocol.lookingAt() ? text.substring(protocol.end()) : text;
        boolean user = rest.indexOf('@') >= 0;
        rest = rest.substring(rest.lastIndexOf('@') + 1);
        Endpoint endpoint = Endpoint.parse(rest.startsWith("//") ? rest.substring(2) : rest);
        if (endpoint == null || (user && !(standing == Standing.HOST || endpoint.port() > 0))) {
            return Found.NOTHING;
        }
        boolean mayBeReplicaSet = standing == Standing.HOST || standing == Standing.SETTING;
        return Found.of(mayBeReplicaSet ? withoutReplicaSet(endpoint) : endpoint, standing);
    }

    /** {@code a:27017} of MongoDB's {@code rs0/a:27017}. */
    private static Endpoint withoutReplicaSet(Endpoint endpoint) {
        String path = endpoint.path();
        if (endpoint.port() < 0
                && path != null
                && path.length() > 1
                && endpoint.host().indexOf('.') < 0) {
            Endpoint member = Endpoint.parse(path.substring(1));
            return member != null && member.port() > 0 && member.path() == null ? member : endpoint;
        }
        return endpoint;
    }

    /** An element of a list: a host, an address, something else, or to be passed over. */
    private record Found(@Nullable String host, @Nullable Endpoint endpoint, boolean skipped) {
        static final Found SKIPPED = new Found(null, null, true);
        static final Found NOTHING = new Found(null, null, false);

        static Found of(Endpoint endpoint, Standing standing) {
            return new Found(standing.host(endpoint), endpoint, false);
        }

        /** Whether it is a host or an address by its own form, not only by its place. */
        boolean certain(Standing standing) {
            if (endpoint == null) {
                return skipped;
            }
            boolean port = endpoint.port() > 0;
            boolean address = host == null && HostText.address(endpoint.host()) != null;
            boolean name = host != null && (port || host.indexOf('.') > 0 || host.equals("localhost"));
            return (address && (port || standing != Standing.LOOSE)) || name;
        }

        void ifFound(HostSink sink) {
            if (host != null) {
                sink.candidate(host);
            }
        }
    }
}
