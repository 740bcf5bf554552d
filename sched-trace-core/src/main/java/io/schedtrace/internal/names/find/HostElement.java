package io.schedtrace.internal.names.find;

import io.schedtrace.internal.text.HostText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An element of a list of hosts, recognised or not.
 *
 * @param host the host name; null if the element is not one
 * @param endpoint the parts of the element; null if it has another form
 * @param skipped whether the element may stand in any list and says nothing about it
 */
record HostElement(@Nullable String host, @Nullable Endpoint endpoint, boolean skipped) {
    /** An element that is no host. */
    static final HostElement OTHER = new HostElement(null, null, false);

    private static final HostElement SKIPPED = new HostElement(null, null, true);

    /** {@code user@host:path}, where the path is not a port. */
    private static final Pattern SECURE_COPY = Pattern.compile("[\\w.-]{1,64}@([^:/@\\s]{1,255}):(?![0-9]+(?:/|$)).*");

    /** The protocol that SQL Server allows before a host. */
    private static final Pattern PROTOCOL = Pattern.compile("(?:tcp|np|lpc|admin):(?=[^0-9])");

    /** Recognises {@code text}: {@code [protocol:][user@]host[:port][/path]}. */
    static HostElement of(String text, Confidence confidence) {
        if (text.isEmpty() || (confidence == Confidence.LOOSE && (text.indexOf('=') > 0 || text.endsWith(":")))) {
            return SKIPPED;
        }
        Matcher copy = SECURE_COPY.matcher(text);
        if (confidence == Confidence.LOCATION && copy.matches()) {
            // Any port makes the element certain, as its form does.
            return of(new Endpoint(copy.group(1), 1, null), Confidence.HOST);
        }
        Matcher protocol = PROTOCOL.matcher(text);
        String rest = protocol.lookingAt() ? text.substring(protocol.end()) : text;
        boolean user = rest.indexOf('@') >= 0;
        rest = rest.substring(rest.lastIndexOf('@') + 1);
        Endpoint endpoint = Endpoint.parse(rest.startsWith("//") ? rest.substring(2) : rest);
        if (endpoint == null || (user && !(confidence == Confidence.HOST || endpoint.port() > 0))) {
            return OTHER;
        }
        boolean mayBeReplicaSet = confidence == Confidence.HOST || confidence == Confidence.SERVER;
        return of(mayBeReplicaSet ? withoutReplicaSet(endpoint) : endpoint, confidence);
    }

    private static HostElement of(Endpoint endpoint, Confidence confidence) {
        return new HostElement(confidence.host(endpoint), endpoint, false);
    }

    /** Returns {@code a:27017} for MongoDB's {@code rs0/a:27017}. */
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

    /** Whether the form of the element alone shows that it is a host or an address. */
    boolean certain(Confidence confidence) {
        if (endpoint == null) {
            return skipped;
        }
        boolean port = endpoint.port() > 0;
        boolean address = host == null && HostText.address(endpoint.host()) != null;
        boolean name = host != null && (port || host.indexOf('.') > 0 || host.equals("localhost"));
        return (address && (port || confidence != Confidence.LOOSE)) || name;
    }
}
