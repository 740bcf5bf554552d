package io.schedtrace.internal.names.find;

import io.schedtrace.internal.names.find.Programs.Operands;
import io.schedtrace.internal.names.find.Programs.Program;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the arguments of a known program. */
final class ProgramReader {
    private static final Set<KeyKind> HOSTS = EnumSet.of(KeyKind.HOST, KeyKind.SERVER, KeyKind.URL);

    /** {@code user@host:path}. */
    private static final Pattern USER_AND_PATH = Pattern.compile("[\\w.-]{1,64}@([^:/@\\s]{1,255}):.*", Pattern.DOTALL);

    /** {@code host.domain:path/path}, but not git's {@code branch.name:refs/heads/name}. */
    private static final Pattern HOST_AND_PATH =
            Pattern.compile("([\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,9}):(?!refs/)[^:/]{1,255}/.*");

    /** {@code host[:port]/database}. */
    private static final Pattern HOST_AND_DATABASE =
            Pattern.compile("([^/:\\s]{1,255})(?::[0-9]{1,5})?/[^/.:\\s]{1,255}");

    /** The address types of socat that are followed by a host. */
    private static final Pattern SOCAT_CONNECT = Pattern.compile(
            "(?:tcp[46]?|openssl|ssl|udp[46]?|sctp[46]?|proxy|socks4a?|socks5)(?:-connect)?", Pattern.CASE_INSENSITIVE);

    private static final Pattern METHOD = Pattern.compile("[A-Z]{3,10}");

    private final Program program;
    private final List<Piece> pieces = new ArrayList<>();
    private int operands;

    private ProgramReader(Program program) {
        this.program = program;
    }

    /** Returns the pieces of the arguments of {@code program}, in order. */
    static List<Piece> read(Program program, List<String> arguments) {
        ProgramReader reader = new ProgramReader(program);
        reader.read(arguments);
        return reader.pieces;
    }

    private void read(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String next = i + 1 < arguments.size() ? arguments.get(i + 1) : null;
            if (argument.equals("--")) {
                arguments.subList(i + 1, arguments.size()).forEach(this::operand);
                return;
            }
            if (argument.startsWith("--")) {
                i += longOption(argument, next) ? 1 : 0;
            } else if (argument.startsWith("-") && argument.length() > 1) {
                i += shortOptions(argument, next) ? 1 : 0;
            } else {
                operand(argument);
                if (program.operands() == Operands.LOGIN) {
                    return;
                }
            }
        }
    }

    /** Reads a long option; returns whether {@code next} is its value. */
    private boolean longOption(String argument, @Nullable String next) {
        int equals = argument.indexOf('=');
        String name = argument.substring(2, equals < 0 ? argument.length() : equals);
        String value = equals < 0 ? next : argument.substring(equals + 1);
        if (value != null && name.equals("resolve")) {
            resolve(value);
        } else if (value != null && name.equals("connect-to")) {
            connectTo(value);
        } else if (value != null && program.operands() == Operands.WEB && KeyKind.of(name) == KeyKind.URL) {
            urlOption(value);
        } else if (!program.longOptions().contains(name)) {
            boolean maybeHost = equals >= 0 || !program.operands().areHosts() || HOSTS.contains(KeyKind.of(name));
            return maybeHost && ArgumentReader.readOption(argument, next, pieces);
        }
        return equals < 0;
    }

    /** curl's {@code --url}. The scheme may be missing, as in an operand; {@code @file} names a file of URLs. */
    private void urlOption(String value) {
        if (!value.startsWith("@")) {
            host(value);
        }
    }

    /** curl's {@code --resolve [+|-]host:port:address[,address]...}. */
    private void resolve(String value) {
        String[] parts = value.split(":", 3);
        if (parts.length == 3) {
            boolean sign = parts[0].startsWith("+") || parts[0].startsWith("-");
            String name = sign ? parts[0].substring(1) : parts[0];
            for (String address : parts[2].split(",", -1)) {
                pieces.add(new Piece.NameAndAddress(name, address));
            }
        }
    }

    /** curl's {@code --connect-to host:port:host:port}: it connects to the second host. */
    private void connectTo(String value) {
        String[] parts = value.split(":", 4);
        if (parts.length == 4) {
            host(parts[2]);
        }
    }

    /** Reads a cluster of short options; returns whether {@code next} is the value of the last one. */
    private boolean shortOptions(String argument, @Nullable String next) {
        for (int i = 1; i < argument.length(); i++) {
            char letter = argument.charAt(i);
            boolean host = program.hosts().indexOf(letter) >= 0;
            boolean text = program.texts().indexOf(letter) >= 0;
            if (program.attached().indexOf(letter) >= 0) {
                return false;
            }
            if (host || text || program.skipped().indexOf(letter) >= 0) {
                boolean separate = i + 1 == argument.length();
                String value = separate ? next : argument.substring(i + 1);
                if (value != null && host) {
                    pieces.add(new Piece.HostList(value, Confidence.HOST));
                } else if (value != null && text) {
                    pieces.add(Piece.Pair.of("", value));
                }
                return separate;
            }
        }
        return false;
    }

    private void operand(String operand) {
        operands++;
        switch (program.operands()) {
            case TEXT -> ArgumentReader.readOperand(operand, pieces);
            case URLS -> pieces.add(new Piece.Text(operand));
            case AT_SIGN -> nameserver(operand);
            case WEB, EACH -> host(operand);
            case FIRST -> first(operand);
            case LOGIN -> login(operand);
            case COPY -> copy(operand);
            case REPOSITORY -> repository(operand);
            case DATABASE -> database(operand);
            case SOCAT -> socat(operand);
            case REQUEST -> request(operand);
            case IGNORED -> {}
        }
    }

    private void nameserver(String operand) {
        if (operand.startsWith("@")) {
            host(operand.substring(1));
        } else {
            pieces.add(new Piece.Text(operand));
        }
    }

    private void first(String operand) {
        if (operands == 1) {
            host(operand.startsWith("//") ? operand.substring(2) : operand);
        }
    }

    private void login(String operand) {
        if (EmbeddedHosts.in(operand).present()) {
            pieces.add(new Piece.Text(operand));
            return;
        }
        String host = operand.substring(operand.lastIndexOf('@') + 1);
        int colon = host.indexOf(':');
        host(colon < 0 ? host : host.substring(0, colon));
    }

    private void copy(String operand) {
        int colon = operand.indexOf(':');
        boolean remote = colon > 1 && operand.lastIndexOf('/', colon) < 0;
        if (!remote || EmbeddedHosts.in(operand).present()) {
            pieces.add(new Piece.Text(operand));
        } else {
            host(operand.substring(0, colon));
        }
    }

    private void repository(String operand) {
        Matcher withUser = USER_AND_PATH.matcher(operand);
        Matcher withoutUser = HOST_AND_PATH.matcher(operand);
        if (EmbeddedHosts.in(operand).present()) {
            pieces.add(new Piece.Text(operand));
        } else if (withUser.matches()) {
            host(withUser.group(1));
        } else if (withoutUser.matches()) {
            pieces.add(new Piece.Host(withoutUser.group(1), Confidence.SERVER));
        }
    }

    private void database(String operand) {
        Matcher remote = HOST_AND_DATABASE.matcher(operand);
        if (remote.matches()) {
            host(remote.group(1));
        } else {
            ArgumentReader.readOperand(operand, pieces);
        }
    }

    private void socat(String operand) {
        String[] parts = operand.split("[:,]", 3);
        if (parts.length == 3 && SOCAT_CONNECT.matcher(parts[0]).matches()) {
            host(parts[1]);
        }
    }

    private void request(String operand) {
        if (operands == 1 && METHOD.matcher(operand).matches()) {
            operands = 0;
        } else if (operands == 1) {
            host(operand);
        }
    }

    private void host(String text) {
        pieces.add(new Piece.Host(text, Confidence.HOST));
    }
}
