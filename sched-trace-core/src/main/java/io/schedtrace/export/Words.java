package io.schedtrace.export;

import io.schedtrace.TcpSpan;
import java.util.Locale;

/** What spans are and how they ended, in words. */
final class Words {
    private Words() {}

    /** A constant as formats write it: {@code timed_out}. */
    static String constant(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** How a connection ended: {@code refused (ECONNREFUSED)}, {@code timed out}. */
    static String outcome(TcpSpan connection) {
        String word = constant(connection.outcome()).replace('_', ' ');
        String error = connection.error();
        return error == null ? word : word + " (" + Printable.escape(error) + ")";
    }
}
