package io.schedtrace.internal.text;

import java.util.regex.Pattern;

/** Users and passwords in URLs, which people are not shown. */
public final class UserInfo {
    /** Of the second kind is a password with one of {@code /?#}, which is not encoded as it should be; no port is that. */
    private static final Pattern IN_URL =
            Pattern.compile("(?<=://)(?:[^/?#\\s]*@|[^/?#\\s:@]*:(?!\\d{1,5}[/?#])[^\\s\"'<>]*@)");

    private UserInfo() {}

    /** The text with {@code ***} for what stands before the {@code @} in the authority of each URL. */
    public static String mask(String text) {
        return text.contains("://") ? IN_URL.matcher(text).replaceAll("***@") : text;
    }
}
