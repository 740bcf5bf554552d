package io.schedtrace.internal.names.find;

import io.schedtrace.internal.names.find.Programs.Operands;
import io.schedtrace.internal.names.find.Programs.Program;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds hosts in the arguments of a program. */
public final class Arguments {
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_][\\w.-]{0,255})=(.*)", Pattern.DOTALL);
    private static final Pattern USER_AND_PATH = Pattern.compile("[\\w.-]{1,64}@([^:/@\\s]{1,255}):.*", Pattern.DOTALL);
    private static final Pattern HOST_AND_PATH =
            Pattern.compile("([\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,9}):(?!refs/)[^:/]{1,255}/.*");
    private static final Pattern HOST_AND_DATABASE =
            Pattern.compile("([^/:\\s]{1,255})(?::[0-9]{1,5})?/[^/.:\\s]{1,255}");
    private static final Pattern METHOD = Pattern.compile("[A-Z]{3,10}");

    private static final Set<KeyKind> HOSTS = EnumSet.of(KeyKind.HOST, KeyKind.SERVER, KeyKind.URL);

    private final Settings settings;
    private int operands;

    public Arguments(Settings settings) {
        this.settings = settings;
    }

    /** Finds hosts in the arguments of a program of which nothing is known. */
    public void generic(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String next = i + 1 < arguments.size() ? arguments.get(i + 1) : null;
            if (!argument.startsWith("-")) {
                operandOfAnything(argument);
            } else if (option(argument, next)) {
                i++;
            }
        }
    }

    /** Finds hosts in the arguments of {@code program}. */
    public void of(Program program, List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String next = i + 1 < arguments.size() ? arguments.get(i + 1) : null;
            if (argument.equals("--")) {
                arguments.subList(i + 1, arguments.size()).forEach(operand -> operand(program, operand));
                return;
            }
            if (argument.startsWith("--")) {
                i += longOption(program, argument, next) ? 1 : 0;
            } else if (argument.startsWith("-") && argument.length() > 1) {
                i += shortOptions(program, argument, next) ? 1 : 0;
            } else {
                operand(program, argument);
                if (program.operands() == Operands.LOGIN) {
                    return;
                }
            }
        }
    }

    /** An option of any program; true if it has taken the next argument as its value. */
    private boolean option(String argument, @Nullable String next) {
        String body = argument.replaceFirst("^-+", "");
        int equals = body.indexOf('=');
        boolean property = argument.length() > 2 && (argument.startsWith("-D") || argument.startsWith("-P"));
        if (equals > 0) {
            settings.setting(body.substring(property ? 1 : 0, equals), body.substring(equals + 1));
            return false;
        }
        if (next == null || next.startsWith("-")) {
            TextHosts.scan(body, settings.sink());
            return false;
        }
        boolean userOrPort = body.length() == 1 && "uUpP".contains(body) && !next.contains("://");
        KeyKind kind = userOrPort ? KeyKind.PRIVATE : KeyKind.of(body);
        boolean dashes = argument.startsWith("--");
        return switch (kind) {
            case HOST, URL -> {
                settings.setting(body, next);
                yield true;
            }
            case SERVER -> {
                boolean taken = dashes || body.startsWith("addr");
                if (taken) {
                    settings.setting(body, next);
                }
                yield taken;
            }
            case PRIVATE, NO_HOST -> dashes || userOrPort;
            default -> {
                TextHosts.scan(body, settings.sink());
                yield false;
            }
        };
    }

    private boolean longOption(Program program, String argument, @Nullable String next) {
        int equals = argument.indexOf('=');
        String name = argument.substring(2, equals < 0 ? argument.length() : equals);
        String value = equals < 0 ? next : argument.substring(equals + 1);
        if (value != null && isResolve(name)) {
            resolve(name, value);
        } else if (value != null && program.operands() == Operands.WEB && KeyKind.of(name) == KeyKind.URL) {
            urlOption(value);
        } else if (!program.longOptions().contains(name)) {
            boolean maybeHost = equals >= 0 || !program.operands().areHosts() || HOSTS.contains(KeyKind.of(name));
            return maybeHost && option(argument, next);
        }
        return equals < 0;
    }

    private static boolean isResolve(String name) {
        return name.equals("resolve") || name.equals("connect-to");
    }

    /** curl's {@code --url}: the scheme may be missing, as in an operand; {@code @file} has more of them. */
    private void urlOption(String value) {
        if (!value.startsWith("@")) {
            settings.host(value);
        }
    }

    /** curl's {@code --resolve host:port:address,...} and {@code --connect-to host:port:host:port}. */
    private void resolve(String option, String value) {
        String[] parts = value.split(":", option.equals("resolve") ? 3 : 4);
        if (option.equals("resolve") && parts.length == 3) {
            for (String address : parts[2].split(",", -1)) {
                settings.fact(parts[0].replaceFirst("^[+-]", ""), address);
            }
        } else if (parts.length == 4) {
            settings.host(parts[2]);
        }
    }

    /** A cluster of short options; true if the last of them has taken the next argument as its value. */
    private boolean shortOptions(Program program, String argument, @Nullable String next) {
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
                    settings.hosts(value);
                } else if (value != null && text) {
                    settings.text(value);
                }
                return separate;
            }
        }
        return false;
    }

    private void operandOfAnything(String argument) {
        Matcher assignment = ASSIGNMENT.matcher(argument);
        if (assignment.matches()) {
            settings.assignment(argument, assignment.group(1), assignment.group(2));
        } else {
            settings.text(argument);
        }
    }

    private void operand(Program program, String operand) {
        operands++;
        switch (program.operands()) {
            case TEXT -> operandOfAnything(operand);
            case URLS, AT_SIGN -> urlOrNameserver(program, operand);
            case WEB, EACH -> settings.host(operand);
            case FIRST -> {
                if (operands == 1) {
                    settings.host(operand.replaceFirst("^//", ""));
                }
            }
            case LOGIN -> login(operand);
            case COPY -> copy(operand);
            case REPOSITORY -> repository(operand);
            case DATABASE -> database(operand);
            case SOCAT -> socat(operand);
            case REQUEST -> request(operand);
            case IGNORED -> {}
        }
    }

    private void urlOrNameserver(Program program, String operand) {
        if (program.operands() == Operands.AT_SIGN && operand.startsWith("@")) {
            settings.host(operand.substring(1));
        } else {
            TextHosts.scan(operand, settings.sink());
        }
    }

    private void login(String operand) {
        if (!TextHosts.scan(operand, settings.sink())) {
            String host = operand.substring(operand.lastIndexOf('@') + 1);
            int colon = host.indexOf(':');
            settings.host(colon < 0 ? host : host.substring(0, colon));
        }
    }

    private void copy(String operand) {
        int colon = operand.indexOf(':');
        boolean remote = colon > 1 && operand.lastIndexOf('/', colon) < 0;
        if (!TextHosts.scan(operand, settings.sink()) && remote) {
            settings.host(operand.substring(0, colon));
        }
    }

    private void repository(String operand) {
        Matcher remote = USER_AND_PATH.matcher(operand);
        if (TextHosts.scan(operand, settings.sink())) {
            return;
        }
        if (remote.matches()) {
            settings.host(remote.group(1));
            return;
        }
        Matcher withoutUser = HOST_AND_PATH.matcher(operand);
        if (withoutUser.matches()) {
            settings.server(withoutUser.group(1));
        }
    }

    private void database(String operand) {
        Matcher remote = HOST_AND_DATABASE.matcher(operand);
        if (remote.matches()) {
            settings.host(remote.group(1));
        } else {
            operandOfAnything(operand);
        }
    }

    private void socat(String operand) {
        String[] parts = operand.split("[:,]", -1);
        boolean connects = parts[0].matches("(?i)(tcp[46]?|openssl|ssl|udp[46]?|sctp[46]?)(-connect)?");
        if (connects && parts.length > 2) {
            settings.host(parts[1]);
        } else if (parts[0].matches("(?i)(proxy|socks4a?|socks5)(-connect)?") && parts.length > 2) {
            settings.host(parts[1]);
        }
    }

    private void request(String operand) {
        if (operands == 1 && METHOD.matcher(operand).matches()) {
            operands = 0;
        } else if (operands == 1) {
            settings.host(operand);
        }
    }
}
