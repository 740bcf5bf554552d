package io.schedtrace.internal.names.find;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the arguments of any program, relying on common conventions. */
final class ArgumentReader {
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_][\\w.-]{0,255})=(.*)", Pattern.DOTALL);
    private static final Pattern LEADING_DASHES = Pattern.compile("^-+");

    private ArgumentReader() {}

    /** Returns the pieces of {@code arguments}, in order. */
    static List<Piece> read(List<String> arguments) {
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String next = i + 1 < arguments.size() ? arguments.get(i + 1) : null;
            if (!argument.startsWith("-")) {
                readOperand(argument, pieces);
            } else if (readOption(argument, next, pieces)) {
                i++;
            }
        }
        return pieces;
    }

    /** Adds the pieces of an argument that is neither an option nor its value: {@code key=value}, or any text. */
    static void readOperand(String argument, List<Piece> pieces) {
        Matcher assignment = ASSIGNMENT.matcher(argument);
        if (!assignment.matches()) {
            pieces.add(Piece.Pair.of("", argument));
            return;
        }
        boolean maybePairs = argument.indexOf(';') >= 0 || argument.chars().anyMatch(Character::isWhitespace);
        List<Piece> pairs = maybePairs ? ConnectionString.split(argument) : null;
        if (pairs == null) {
            pieces.add(Piece.Pair.of(assignment.group(1), assignment.group(2)));
        } else {
            pieces.addAll(pairs);
        }
    }

    /**
     * Adds the pieces of an option.
     *
     * @param next the argument after the option; null if there is none
     * @return whether {@code next} is the value of the option
     */
    static boolean readOption(String argument, @Nullable String next, List<Piece> pieces) {
        String body = LEADING_DASHES.matcher(argument).replaceFirst("");
        int equals = body.indexOf('=');
        if (equals > 0) {
            boolean property = argument.length() > 2 && (argument.startsWith("-D") || argument.startsWith("-P"));
            pieces.add(Piece.Pair.of(body.substring(property ? 1 : 0, equals), body.substring(equals + 1)));
            return false;
        }
        if (next == null || next.startsWith("-")) {
            pieces.add(new Piece.Text(body));
            return false;
        }
        boolean userOrPort = body.length() == 1 && "uUpP".contains(body) && !next.contains("://");
        KeyKind kind = userOrPort ? KeyKind.PRIVATE : KeyKind.of(body);
        boolean taken = takesNext(argument, body, kind, userOrPort);
        if (kind == KeyKind.HOST || kind == KeyKind.URL || kind == KeyKind.SERVER) {
            if (taken) {
                pieces.add(new Piece.Pair(kind, body, next));
            }
        } else if (kind != KeyKind.PRIVATE && kind != KeyKind.NO_HOST) {
            pieces.add(new Piece.Text(body));
        }
        return taken;
    }

    private static boolean takesNext(String argument, String body, KeyKind kind, boolean userOrPort) {
        boolean twoDashes = argument.startsWith("--");
        return switch (kind) {
            case HOST, URL -> true;
            case SERVER -> twoDashes || body.startsWith("addr");
            case PRIVATE, NO_HOST -> twoDashes || userOrPort;
            default -> false;
        };
    }
}
