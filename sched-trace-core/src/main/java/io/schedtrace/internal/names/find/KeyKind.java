package io.schedtrace.internal.names.find;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a key (the name of a variable, an option or a JSON member) says about its value. */
public enum KeyKind {
    /** One or more hosts: {@code PGHOST}, {@code --host}. */
    HOST,
    /** Hosts, with or without ports, or something else: {@code KAFKA_SERVERS}, {@code --endpoint}. */
    SERVER,
    /** A URL, with or without a scheme, or a path: {@code API_URL}. */
    URL,
    /** Command line options: {@code JAVA_OPTS}. */
    OPTIONS,
    /** An X11 display: {@code host:number}. */
    DISPLAY,
    /** Anything. */
    OTHER,
    /** No host, although the value may contain a colon: {@code IMAGE}, {@code PATH}. Only URLs count. */
    NO_HOST,
    /** A secret, or hosts that are not connected to ({@code NO_PROXY}). The value is ignored. */
    PRIVATE;

    private static final Set<String> HOSTS = Set.of("HOST", "HOSTS", "HOSTNAME", "HOSTNAMES", "FQDN");

    private static final Set<String> SERVERS = WordSet.of("""
        SERVER SERVERS ENDPOINT ENDPOINTS ADDR ADDRS ADDRESS ADDRESSES BROKER BROKERS PROXY PEERS SEEDS
        NODES UPSTREAM UPSTREAMS NAMESERVER NAMESERVERS QUORUM SENTINELS ZOOKEEPER BOOTSTRAP LISTENERS
        """);

    /** The last two words of further keys for servers. */
    private static final Set<String> SERVER_PAIRS = Set.of(
            "BROKER_LIST",
            "CONTACT_POINT",
            "CONTACT_POINTS",
            "END_POINT",
            "END_POINTS",
            "ZOOKEEPER_CONNECT",
            "PROXY_JUMP");

    private static final Set<String> URLS = Set.of("URL", "URLS", "URI", "URIS", "DSN", "WEBHOOK");

    private static final Set<String> MORE_OPTIONS = Set.of("OPTS", "OPTIONS", "ARGS", "ARGUMENTS", "FLAGS");

    private static final Set<String> SECRETS = WordSet.of("""
        PASSWORD PASSWORDS PASSWD PASS PW PWD PASSPHRASE SECRET SECRETS TOKEN TOKENS KEY KEYS CREDENTIAL
        CREDENTIALS CREDS AUTH AUTHORIZATION SALT SIGNATURE COOKIE COOKIES APIKEY USER USERNAME LOGNAME
        LOGIN PIN OTP SESSION JWT ACCOUNT BASIC HEADER HEADERS
        """);

    private static final List<String> SECRET_ENDINGS =
            List.of("PASSWORD", "PASSWD", "PASSPHRASE", "PWD", "SECRET", "TOKEN", "APIKEY", "AUTH");

    /** Words at the end that qualify the key and are ignored: {@code DB_HOST_REPLICA}. */
    private static final Set<String> WHICH = WordSet.of("""
        PRIMARY SECONDARY REPLICA READ WRITE READER WRITER RO RW MASTER SLAVE OVERRIDE INTERNAL EXTERNAL
        PUBLIC PRIVATE
        """);

    private static final Set<String> NOT_CONNECTED_TO = WordSet.of("""
        NO NON NOPROXY ALLOWED ALLOW TRUSTED IGNORE IGNORED EXCLUDE EXCLUDED BLOCKED DENY DENIED SKIP
        """);

    /** Words that show that an address is not one of the network. */
    private static final Set<String> OTHER_ADDRESSES = WordSet.of("""
        MAC HW ETHER ETHERNET EMAIL MAIL STREET HOME POSTAL WALLET BTC ETH MEMORY REPLY SENDER FROM
        """);

    private static final Set<String> NO_HOSTS = WordSet.of("""
        IMAGE IMAGES TAG TAGS VERSION REF BRANCH COMMIT COLORS PATH CLASSPATH FILE FILES DIR DIRECTORY TIME
        DATE TIMESTAMP TZ LANG LANGUAGE LOCALE TERM UID GID PS PROMPT SUBJECT TITLE MESSAGE DESCRIPTION
        COMMENT MODULE PACKAGE PACKAGES PLATFORM ARCH SHELL EDITOR RATIO SIZE MAPPING VOLUME VOLUMES DIGEST
        PORT PORTS MODEL
        """);

    /** Returns what {@code key} says. Words may be separated by punctuation, digits or camel case. */
    public static KeyKind of(String key) {
        List<String> words = words(key);
        if (words.isEmpty()) {
            return OTHER;
        }
        while (words.size() > 1 && WHICH.contains(words.get(words.size() - 1))) {
            words.remove(words.size() - 1);
        }
        String last = words.get(words.size() - 1);
        if (!Collections.disjoint(words, NOT_CONNECTED_TO) && !last.equals("OPTS")) {
            return PRIVATE;
        }
        KeyKind kind = ofLast(words, last);
        return kind != null ? kind : hasSecret(words) ? PRIVATE : OTHER;
    }

    private static @Nullable KeyKind ofLast(List<String> words, String last) {
        if (HOSTS.contains(last) || hostInOneWord(last) || endWith(words, "HOST", "NAME") || isDataSource(words)) {
            return HOST;
        }
        if (URLS.contains(last) || (last.endsWith("URL") && !last.equals("CURL")) || last.endsWith("URI")) {
            return URL;
        }
        if (SERVERS.contains(last) || serverInOneWord(last) || isServerList(words)) {
            return last.startsWith("ADDR") && !Collections.disjoint(words, OTHER_ADDRESSES) ? NO_HOST : SERVER;
        }
        if (MORE_OPTIONS.contains(last)) {
            return OPTIONS;
        }
        if (last.equals("DISPLAY")) {
            return DISPLAY;
        }
        return isSecret(last) ? PRIVATE : NO_HOSTS.contains(last) ? NO_HOST : null;
    }

    private static boolean hostInOneWord(String word) {
        return (word.endsWith("HOST") || word.endsWith("HOSTS") || word.endsWith("HOSTNAME")) && !word.equals("GHOST");
    }

    private static boolean serverInOneWord(String word) {
        boolean server = word.endsWith("SERVER") || word.endsWith("SERVERS");
        return (server && !word.startsWith("OBSERVER")) || word.endsWith("ADDR");
    }

    /** Whether the key is one of those in Microsoft's connection strings. */
    private static boolean isDataSource(List<String> words) {
        return words.equals(List.of("DATA", "SOURCE")) || words.equals(List.of("SERVER", "NAME"));
    }

    private static boolean hasSecret(List<String> words) {
        for (String word : words) {
            if (isSecret(word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSecret(String word) {
        if (SECRETS.contains(word)) {
            return true;
        }
        for (String ending : SECRET_ENDINGS) {
            if (word.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isServerList(List<String> words) {
        return words.size() > 1
                && SERVER_PAIRS.contains(words.get(words.size() - 2) + "_" + words.get(words.size() - 1));
    }

    private static boolean endWith(List<String> words, String beforeLast, String last) {
        int size = words.size();
        return size >= 2
                && words.get(size - 1).equals(last)
                && words.get(size - 2).equals(beforeLast);
    }

    /** Splits {@code spring.datasource.jdbcUrl}, {@code DB_HOST_1} or {@code bootstrap-servers}; drops digits. */
    private static List<String> words(String key) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= key.length(); i++) {
            boolean letter = i < key.length() && Character.isLetter(key.charAt(i));
            boolean hump = letter
                    && i > start
                    && Character.isUpperCase(key.charAt(i))
                    && Character.isLowerCase(key.charAt(i - 1));
            if (!letter || hump) {
                if (i > start) {
                    words.add(key.substring(start, i).toUpperCase(Locale.ROOT));
                }
                start = hump ? i : i + 1;
            }
        }
        return words;
    }
}
