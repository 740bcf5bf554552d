package io.schedtrace.export;

import java.util.regex.Pattern;

/** Users and passwords in URLs, which people are not shown. */
public final class UserInfo {
    private static final Pattern IN_URL = Pattern.compile("(?<=://)[^/?#\\s]*@");

    private UserInfo() {}

    /** The text with {@code ***} for what stands before the {@code @} in the authority of each URL. */
    public static String mask(String text) {
        return text.contains("://") ? IN_URL.matcher(text).replaceAll("***@") : text;
    }
}
