package io.schedtrace.internal.redact;

import io.schedtrace.internal.redact.Programs.Kind;
import io.schedtrace.internal.redact.Programs.Option;
import io.schedtrace.internal.redact.Programs.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hides secrets in the arguments of one command. It follows programs that run others ({@code env}, {@code sudo}), and
 * looks into the scripts of shells.
 */
public final class SecretArguments {
    private static final Pattern NAME = Pattern.compile("[\\w.-]{1,80}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_]\\w{0,80}=.*", Pattern.DOTALL);
    private static final Pattern CLUSTER = Pattern.compile("-[A-Za-z#]{2,8}");
    private static final Set<String> NAMING = Set.of("--name", "--hostname", "--network");
    private static final int SHORTEST_WORD_OPTION = 4;
    private static final int DEEPEST_SCRIPT = 8;

    private final List<String> arguments;
    private final List<String> shown;
    private final int depth;
    private Program program = Programs.of("");

    private SecretArguments(List<String> arguments, int depth) {
        this.arguments = arguments;
        this.depth = depth;
        shown = new ArrayList<>(arguments.size());
    }

    /** Returns the arguments, {@code argv[0]} first, without their secrets. */
    public static List<String> hide(List<String> arguments) {
        return hide(arguments, 0);
    }

    /** @param depth how many scripts the command stands in */
    static List<String> hide(List<String> arguments, int depth) {
        return new SecretArguments(arguments, depth).hide();
    }

    private List<String> hide() {
        boolean started = false;
        while (shown.size() < arguments.size()) {
            String argument = arguments.get(shown.size());
            if (!started && VARIABLE.matcher(argument).matches()) {
                shown.add(single(argument));
            } else if (!started) {
                started = true;
                program = Programs.of(argument);
                shown.add(SecretText.hide(argument, inScript()));
            } else if (!startsProgram(argument)) {
                hideNext(argument);
            }
        }
        return shown;
    }

    private boolean inScript() {
        return depth > 0;
    }

    private boolean startsProgram(String argument) {
        String before = arguments.get(shown.size() - 1);
        if (argument.startsWith("-") || NAMING.contains(before)) {
            return false;
        }
        Program inner = program.is("wrapper") ? Programs.find(argument) : null;
        if (inner == null && argument.equals("login")) {
            inner = Programs.find(program.name() + "-login");
        }
        if (inner == null) {
            return false;
        }
        program = inner;
        shown.add(argument);
        return true;
    }

    /** Hides one argument, or an option and its value. */
    private void hideNext(String argument) {
        for (Option option : program.options()) {
            if (option.kind() == Kind.LAST ? hideLast(option, argument) : hideOption(option, argument)) {
                return;
            }
        }
        String next = next();
        if (next != null && next.startsWith("-")) {
            next = null;
        }
        shown.add(single(argument));
        if (next != null && namesSecret(argument, next)) {
            shown.add(Mask.value(next, inScript()));
        }
    }

    private @Nullable String next() {
        int next = shown.size() + 1;
        return next < arguments.size() ? arguments.get(next) : null;
    }

    private boolean hideOption(Option option, String argument) {
        Kind kind = option.kind();
        String name = option.name();
        boolean clustered = name.length() == 2
                && (kind == Kind.PAIR || kind == Kind.COOKIE)
                && argument.endsWith(name.substring(1))
                && CLUSTER.matcher(argument).matches();
        if (argument.equals(name) || clustered) {
            String next = next();
            if (kind == Kind.ATTACHED || next == null || next.startsWith("-")) {
                return false;
            }
            shown.add(argument);
            shown.add(value(kind, next));
            return true;
        }
        String prefix = name.startsWith("--") ? name + "=" : name;
        if (kind == Kind.NEXT || !argument.startsWith(prefix)) {
            return false;
        }
        shown.add(prefix + value(kind, argument.substring(prefix.length())));
        return true;
    }

    private String value(Kind kind, String value) {
        return switch (kind) {
            case PAIR -> Mask.pair(value, ':', inScript());
            case PERCENT -> Mask.pair(value, '%', inScript());
            case COMMA -> Mask.pair(value, ',', inScript());
            case COOKIE -> value.indexOf('=') < 0 ? value : Mask.value(value, inScript());
            case NEXT, ATTACHED, VALUE, LAST -> Mask.value(value, inScript());
        };
    }

    /** {@code htpasswd -cb FILE USER PASSWORD}: the options are a cluster with a {@code b}. */
    private boolean hideLast(Option option, String argument) {
        boolean found = next() != null
                && argument.startsWith("-")
                && !argument.startsWith("--")
                && argument.indexOf(option.name().charAt(1)) > 0;
        if (!found) {
            return false;
        }
        shown.addAll(arguments.subList(shown.size(), arguments.size() - 1));
        shown.add(value(option.kind(), arguments.get(arguments.size() - 1)));
        return true;
    }

    /** Whether an argument is the name of the next one: {@code --token x}, {@code set api-token x}. */
    private boolean namesSecret(String argument, String next) {
        if (program.is(argument) || argument.indexOf('=') >= 0) {
            return false;
        }
        if (argument.startsWith("-")) {
            String name = argument.substring(argument.startsWith("--") ? 2 : 1);
            boolean word = argument.startsWith("--") || argument.length() >= SHORTEST_WORD_OPTION;
            return word && NAME.matcher(name).matches() && SecretNames.isSecret(name, next);
        }
        int at = shown.size() - 1;
        return at > 0
                && arguments.get(at - 1).equals("set")
                && NAME.matcher(argument).matches()
                && SecretNames.isSecret(argument, next);
    }

    private String single(String argument) {
        if (depth < DEEPEST_SCRIPT && isScript(argument)) {
            return ShellScript.hide(argument, depth + 1);
        }
        int equals = argument.indexOf('=');
        if (equals > 0
                && equals <= 80
                && NAME.matcher(argument.substring(0, equals)).matches()) {
            String value = argument.substring(equals + 1);
            if (SecretNames.isSecret(argument.substring(0, equals), value)) {
                return argument.substring(0, equals + 1) + Mask.value(value, inScript());
            }
        }
        if (program.is("slash") && argument.indexOf('/') > 0 && argument.charAt(0) != '-') {
            return hideBetween(argument, '/');
        }
        if (program.is("client") && !argument.startsWith("-") && !argument.contains("//")) {
            return hideBetween(argument, ':');
        }
        return SecretText.hide(argument, inScript());
    }

    private boolean isScript(String argument) {
        boolean commands = program.is("shell") && argument.chars().anyMatch(c -> Character.isWhitespace(c) || c == ';');
        return commands || (inScript() && (argument.contains("$(") || argument.indexOf('`') >= 0));
    }

    /** Hides what stands between a user's name with a separator, and the last {@code @}: {@code user:secret@host}. */
    private String hideBetween(String argument, char separator) {
        int start = argument.indexOf(separator) + 1;
        int at = argument.lastIndexOf('@');
        int end = at < 0 && separator == '/' ? argument.length() : at;
        return start > 1 && start < end
                ? argument.substring(0, start) + Mask.MASK + argument.substring(end)
                : SecretText.hide(argument, inScript());
    }
}
