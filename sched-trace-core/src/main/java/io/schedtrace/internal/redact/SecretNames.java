package io.schedtrace.internal.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Decides by its name whether an option, a variable or a field holds a secret. */
final class SecretNames {
    private static final int LONGEST = 80;

    /** Words that mean a secret, also at the end of a longer word: {@code dbpassword}. */
    private static final List<String> SUFFIXES = List.of(
            "password",
            "passwd",
            "passwort",
            "passphrase",
            "passcode",
            "secret",
            "token",
            "credential",
            "credentials",
            "apikey");

    private static final Set<String> LAST_WORDS = Set.of(
            "pass",
            "pwd",
            "passin",
            "passout",
            "storepass",
            "keypass",
            "srcstorepass",
            "deststorepass",
            "userpass",
            "dbpass",
            "bearer",
            "accesskey",
            "secretkey",
            "privatekey");

    /** A name that ends so describes a secret and is none: {@code --password-file}. */
    private static final Set<String> HARMLESS_ENDINGS = Set.of(
            "file",
            "path",
            "dir",
            "directory",
            "folder",
            "name",
            "id",
            "ids",
            "type",
            "url",
            "uri",
            "endpoint",
            "length",
            "len",
            "size",
            "count",
            "limit",
            "min",
            "max",
            "ttl",
            "expiry",
            "expires",
            "expiration",
            "timeout",
            "age",
            "days",
            "policy",
            "rules",
            "algorithm",
            "alg",
            "format",
            "field",
            "header",
            "prompt",
            "stdin",
            "fd",
            "env",
            "store",
            "location",
            "provider",
            "manager",
            "helper",
            "only",
            "required",
            "enabled",
            "disabled",
            "mode",
            "class",
            "budget",
            "version",
            "index",
            "arn",
            "method",
            "bucket",
            "rate",
            "strategy",
            "scope",
            "scopes",
            "audience",
            "issuer",
            "lifetime",
            "duration",
            "prefix",
            "suffix",
            "separator",
            "delimiter",
            "encoding",
            "generator",
            "validator",
            "namespace",
            "hint",
            "label",
            "status",
            "strength");

    /** A name that begins so is a switch: {@code --no-password}. */
    private static final Set<String> SWITCHES = Set.of(
            "no", "ask", "prompt", "skip", "disable", "enable", "without", "allow", "show", "hide", "require", "print");

    /** Words before {@code key} that make it a secret. */
    private static final Set<String> SECRET_KEYS = Set.of(
            "api",
            "access",
            "secret",
            "private",
            "encryption",
            "signing",
            "master",
            "account",
            "auth",
            "shared",
            "license",
            "hmac",
            "aes",
            "session",
            "admin",
            "subscription",
            "storage",
            "deploy",
            "app");

    private static final Set<String> HARMLESS_KEYS =
            Set.of("public", "primary", "foreign", "sort", "partition", "group", "cache", "index", "object", "host");

    private static final Pattern WORDS =
            Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");
    private static final Pattern DIGITS = Pattern.compile("\\d+$");
    private static final Pattern FILE = Pattern.compile("[/.~].*|.*\\.(?:pem|key|crt|cer|der|p12|pfx|pub|jks|json)");
    private static final Pattern RANDOM = Pattern.compile("(?=.*\\d)(?=.*[A-Za-z])[\\w+/=-]{16,}");

    private SecretNames() {}

    /** Whether {@code value} is a secret if it is called {@code name}. */
    static boolean isSecret(String name, String value) {
        if (name.length() > LONGEST) {
            return false;
        }
        List<String> words = words(name);
        if (words.isEmpty()) {
            return false;
        }
        String last = words.get(words.size() - 1);
        if (HARMLESS_ENDINGS.contains(last) || (words.size() > 1 && SWITCHES.contains(words.get(0)))) {
            return false;
        }
        if (last.equals("key")) {
            return isSecretKey(words, value);
        }
        if (last.equals("pwd")) {
            return !value.startsWith("/") && !value.startsWith(".");
        }
        return LAST_WORDS.contains(last)
                || name.endsWith("_AUTH")
                || name.equals("_auth")
                || words.stream().anyMatch(SecretNames::hasSecretSuffix);
    }

    private static boolean isSecretKey(List<String> words, String value) {
        String before = words.size() < 2 ? "" : words.get(words.size() - 2);
        if (HARMLESS_KEYS.contains(before) || FILE.matcher(value).matches()) {
            return false;
        }
        return SECRET_KEYS.contains(before)
                || words.stream().anyMatch(SecretNames::hasSecretSuffix)
                || RANDOM.matcher(value).matches();
    }

    private static boolean hasSecretSuffix(String word) {
        return SUFFIXES.stream().anyMatch(word::endsWith);
    }

    private static List<String> words(String name) {
        List<String> words = new ArrayList<>();
        for (String word : WORDS.split(name)) {
            String bare = DIGITS.matcher(word).replaceFirst("").toLowerCase(Locale.ROOT);
            if (!bare.isEmpty()) {
                words.add(bare);
            }
        }
        return words;
    }
}
