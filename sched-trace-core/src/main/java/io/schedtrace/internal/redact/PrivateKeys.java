package io.schedtrace.internal.redact;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hides private keys in PEM: what follows {@code -----BEGIN ... PRIVATE KEY-----}, up to the line that ends the key. */
final class PrivateKeys {
    private static final Pattern BEGIN =
            Pattern.compile("-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----");
    private static final String END = "-----END ";

    private PrivateKeys() {}

    /** Returns the text with {@code ***} for each key. One that is not ended reaches to the end of the text. */
    static String hide(String text) {
        if (!text.contains("PRIVATE KEY")) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int copied = 0;
        Matcher begin = BEGIN.matcher(text);
        while (begin.find(copied)) {
            out.append(text, copied, begin.end()).append(Mask.MASK);
            int end = text.indexOf(END, begin.end());
            copied = end < 0 ? text.length() : end;
        }
        return out.append(text, copied, text.length()).toString();
    }
}
