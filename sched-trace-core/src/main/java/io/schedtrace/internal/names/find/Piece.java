package io.schedtrace.internal.names.find;

/** A piece of text that may contain hosts, with what is known about it. */
sealed interface Piece {
    /**
     * A value with a key. The value may contain further pairs or options.
     *
     * @param kind what the key says about the value
     * @param key the key; empty if there is none
     */
    record Pair(KeyKind kind, String key, String value) implements Piece {
        static Pair of(String key, String value) {
            return new Pair(KeyKind.of(key), key, value);
        }
    }

    /** Text in which only URLs and other unmistakable forms count. */
    record Text(String text) implements Piece {}

    /** Text like {@link Text}, or a list of hosts. */
    record HostList(String text, Confidence confidence) implements Piece {}

    /** A URL, or one host: {@code [user@]host[:port][/path]}. */
    record Host(String text, Confidence confidence) implements Piece {}

    /** A host name together with its address. Either may turn out to be invalid. */
    record NameAndAddress(String name, String address) implements Piece {}
}
