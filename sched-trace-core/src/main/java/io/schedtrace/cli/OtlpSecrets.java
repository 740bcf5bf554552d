package io.schedtrace.cli;

import io.schedtrace.internal.text.Printable;
import io.schedtrace.internal.text.ShellWord;
import io.schedtrace.model.Redactor;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes messages of the OpenTelemetry SDK fit for a terminal. They may quote the answer of a back end, which may quote the
 * request with its headers, and variables with passwords.
 */
final class OtlpSecrets {
    private static final int LONGEST_MESSAGE = 500;
    /** Shorter values occur by chance. */
    private static final int SHORTEST_SECRET = 4;

    private final Redactor redactor;

    /** @param variables the environment */
    OtlpSecrets(Map<String, String> variables) {
        List<String> secrets = secrets(variables);
        redactor = Redactor.standard().and(text -> {
            String shown = text;
            for (String secret : secrets) {
                shown = shown.replace(secret, "***");
            }
            return shown;
        });
    }

    /** Returns the message on one line, without secrets and control characters, and not much longer than a screen line. */
    String hide(String message) {
        String shown = redactor.text(message.replaceAll("\\s+", " "));
        return Printable.escape(
                shown.length() <= LONGEST_MESSAGE ? shown : ShellWord.beginning(shown, LONGEST_MESSAGE) + "…");
    }

    private static List<String> secrets(Map<String, String> variables) {
        List<String> secrets = new ArrayList<>();
        for (String signal : List.of("", "_TRACES")) {
            values(variables, "OTEL_EXPORTER_OTLP" + signal + "_HEADERS").forEach(value -> addHeaders(value, secrets));
            values(variables, "OTEL_EXPORTER_OTLP" + signal + "_ENDPOINT")
                    .forEach(value -> addUserInfo(value, secrets));
        }
        return secrets.stream()
                .filter(secret -> secret.length() >= SHORTEST_SECRET)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** The SDK takes a system property before the variable. */
    private static Stream<String> values(Map<String, String> variables, String name) {
        String property = name.toLowerCase(Locale.ROOT).replace('_', '.');
        return Stream.of(variables.getOrDefault(name, ""), System.getProperty(property, ""));
    }

    private static void addHeaders(String headers, Collection<String> to) {
        for (String header : headers.split(",")) {
            String value = header.substring(header.indexOf('=') + 1).strip();
            addWithLastWord(value, to);
            try {
                addWithLastWord(URLDecoder.decode(value, StandardCharsets.UTF_8), to);
            } catch (IllegalArgumentException e) {
                // It is not encoded; the SDK refuses it.
            }
        }
    }

    /** {@code Bearer x} may be quoted as {@code x}. */
    private static void addWithLastWord(String value, Collection<String> to) {
        to.add(value);
        to.add(value.substring(value.lastIndexOf(' ') + 1));
    }

    /** The endpoint may be invalid: it need not have a scheme, and its password may have any characters. */
    private static void addUserInfo(String endpoint, Collection<String> to) {
        int end = endpoint.lastIndexOf('@');
        int scheme = endpoint.indexOf("//");
        int start = scheme < 0 || scheme > end ? 0 : scheme + 2;
        if (end > start) {
            String userInfo = endpoint.substring(start, end);
            to.add(userInfo);
            to.add(userInfo.substring(userInfo.indexOf(':') + 1));
        }
    }
}
