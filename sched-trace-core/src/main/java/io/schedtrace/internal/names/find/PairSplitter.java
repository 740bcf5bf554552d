package io.schedtrace.internal.names.find;

import io.schedtrace.internal.names.find.Piece.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Splits the value of a pair by the first format that it has. */
final class PairSplitter {
    /** Longer values are ignored. The kernel's limit for one argument is twice as much. */
    private static final int MAX_VALUE = 65_536;

    /** Options beyond this number are one text. */
    private static final int MAX_OPTIONS = 1_024;

    /** A member of a ZooKeeper ensemble: {@code server.1=host:2888:3888;2181}. */
    private static final Pattern MEMBER = Pattern.compile("(?<![\\w.])server\\.\\d{1,3}=([^:;,=\\s]{1,255}):\\d+:\\d+");

    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");

    private PairSplitter() {}

    /** Returns the pieces of the value of {@code pair}; none if no host can be in it. */
    static List<Piece> split(Pair pair) {
        String value = pair.value();
        if (value.length() > MAX_VALUE || !mayHaveHost(pair.kind(), value)) {
            return List.of();
        }
        List<Piece> pieces = members(value);
        if (pieces == null) {
            pieces = JsonPairs.split(pair.key(), value);
        }
        if (pieces == null) {
            pieces = ConnectionString.split(value);
        }
        if (pieces == null && pair.kind() == KeyKind.OTHER && !pair.key().isEmpty()) {
            pieces = lines(value);
        }
        return pieces == null ? unstructured(pair.kind(), value.strip()) : pieces;
    }

    /** Whether {@code value} may have a host; a quick way to rule out most values. */
    private static boolean mayHaveHost(KeyKind kind, String value) {
        return switch (kind) {
            case HOST, SERVER, URL, OPTIONS -> true;
            case NO_HOST -> value.contains("://");
            case PRIVATE -> false;
            case DISPLAY, OTHER -> value.indexOf(':') >= 0 || value.indexOf('=') >= 0 || value.contains("/dev/");
        };
    }

    private static @Nullable List<Piece> members(String value) {
        if (!value.contains("server.")) {
            return null;
        }
        List<Piece> members = new ArrayList<>();
        for (Matcher member = MEMBER.matcher(value); member.find(); ) {
            members.add(new Piece.Host(member.group(1), Confidence.SERVER));
        }
        return members.isEmpty() ? null : members;
    }

    /** A single line {@code key: value} may be prose as well: its pair is followed by the whole text. */
    private static @Nullable List<Piece> lines(String value) {
        List<Piece> pairs = LinePairs.split(value);
        if (pairs != null && pairs.size() == 1) {
            pairs.addAll(unstructured(KeyKind.OTHER, value.strip()));
        }
        return pairs;
    }

    private static List<Piece> unstructured(KeyKind kind, String value) {
        return switch (kind) {
            case OPTIONS -> ArgumentReader.read(List.of(WHITE_SPACE.split(value, MAX_OPTIONS)));
            case HOST -> List.of(new Piece.HostList(value, Confidence.HOST));
            case SERVER -> List.of(new Piece.HostList(value, Confidence.SERVER));
            case URL -> List.of(new Piece.HostList(value, Confidence.LOCATION));
            case OTHER -> List.of(new Piece.HostList(value, Confidence.LOOSE));
            case DISPLAY -> List.of(display(value));
            case NO_HOST -> List.of(new Piece.Text(value));
            case PRIVATE -> List.of();
        };
    }

    private static Piece display(String value) {
        int colon = value.indexOf(':');
        return colon <= 0 || EmbeddedHosts.in(value).present()
                ? new Piece.Text(value)
                : new Piece.Host(value.substring(0, colon), Confidence.HOST);
    }
}
