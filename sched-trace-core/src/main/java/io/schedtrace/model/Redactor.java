package io.schedtrace.model;

import io.schedtrace.internal.redact.SecretArguments;
import io.schedtrace.internal.redact.SecretText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Replaces secrets by {@code ***} in what is written or shown. Every output uses {@link #standard()} unless it is given
 * another one. The spans themselves are not changed: {@link ProcessSpan#arguments()} is exact.
 *
 * <p>{@link #standard()} hides
 *
 * <ul>
 *   <li>users and passwords in URLs, percent-encoded ones included: {@code https://***@host/};
 *   <li>values of options, variables and JSON fields with names such as {@code password}, {@code token}, {@code secret} or
 *       {@code api-key}: {@code --password=***}, {@code DB_PASSWORD=***};
 *   <li>HTTP headers that authenticate: {@code Authorization: Bearer ***};
 *   <li>options of well-known programs: {@code curl -u user:***}, {@code mysql -p***}, {@code sshpass -p ***};
 *   <li>all of this behind {@code env}, {@code sudo} and the like, and in scripts: {@code sh -c 'curl -u user:*** ...'};
 *   <li>access tokens that are known by their form, such as {@code ghp_...} and JSON web tokens, and private keys in PEM.
 * </ul>
 *
 * <p>It cannot know every secret: a password that is an argument of its own stays visible. Add rules for the programs
 * that you run:
 *
 * <pre>{@code
 * Redactor redactor = Redactor.standard().and(Pattern.compile("ACME-[0-9a-f]{32}"));
 * TraceListener listener = JsonLines.to(out, Labels.NONE, redactor);
 * }</pre>
 *
 * <p>Immutable and safe for use by any thread, if the functions that are added to it are.
 */
public final class Redactor {
    private static final String MASK = "***";
    private static final Redactor NONE = new Redactor(false, List.of());
    private static final Redactor STANDARD = new Redactor(true, List.of());

    private final boolean standard;
    private final List<UnaryOperator<String>> further;

    private Redactor(boolean standard, List<UnaryOperator<String>> further) {
        this.standard = standard;
        this.further = further;
    }

    /** Returns the redactor with the rules that the class describes. */
    public static Redactor standard() {
        return STANDARD;
    }

    /** Returns the redactor that changes nothing. */
    public static Redactor none() {
        return NONE;
    }

    /** Returns a redactor that then applies {@code function} to each argument and each other text. */
    public Redactor and(UnaryOperator<String> function) {
        List<UnaryOperator<String>> all = new ArrayList<>(further);
        all.add(Objects.requireNonNull(function, "function"));
        return new Redactor(standard, List.copyOf(all));
    }

    /** Returns a redactor that then replaces each match of {@code secret}, in one argument or text, by {@code ***}. */
    public Redactor and(Pattern secret) {
        Objects.requireNonNull(secret, "secret");
        return and(text -> secret.matcher(text).replaceAll(MASK));
    }

    /** Returns as many arguments, without their secrets. The first one is the name of the program. */
    public List<String> arguments(List<String> arguments) {
        List<String> shown = standard ? SecretArguments.hide(arguments) : arguments;
        return further.isEmpty() ? shown : shown.stream().map(this::further).toList();
    }

    /** Returns a text that is no command line, such as the name of a session, without its secrets. */
    public String text(String text) {
        return further(standard ? SecretText.hide(text) : text);
    }

    private String further(String text) {
        String shown = text;
        for (UnaryOperator<String> function : further) {
            shown = Objects.requireNonNull(function.apply(shown), "a function of a Redactor returned null");
        }
        return shown;
    }
}
