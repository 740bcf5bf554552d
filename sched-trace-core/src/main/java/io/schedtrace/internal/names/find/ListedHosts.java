package io.schedtrace.internal.names.find;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds hosts in text that is a host or a list of hosts, with or without ports. */
final class ListedHosts {
    /** Longer lists are something else. */
    private static final int MAX_ELEMENTS = 1_024;

    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{1,30}://");

    private ListedHosts() {}

    /** Returns the host that {@code text} is, or the hosts of the URL that it is. */
    static List<String> single(String text, Confidence confidence) {
        if (URL.matcher(text).lookingAt()) {
            return EmbeddedHosts.in(text).hosts();
        }
        String host = HostElement.of(text, confidence).host();
        return host == null ? List.of() : List.of(host);
    }

    /**
     * Returns the hosts in {@code text}: those in URLs and other unmistakable forms, else those in a list separated by
     * commas, semicolons or white space. White space also occurs in prose, so that each element of such a list must
     * then look like a host.
     */
    static List<String> list(String text, Confidence confidence) {
        EmbeddedHosts embedded = EmbeddedHosts.in(text);
        return embedded.present() ? embedded.hosts() : elements(Quotes.remove(text.strip()), confidence);
    }

    private static List<String> elements(String text, Confidence confidence) {
        List<HostElement> all = new ArrayList<>();
        boolean strict = confidence == Confidence.LOOSE;
        for (int start = 0, end; start <= text.length(); start = end + 1) {
            end = endOfElement(text, start);
            String[] words = WHITE_SPACE.split(text.substring(start, end).strip(), -1);
            strict |= words.length > 1;
            for (String word : words) {
                boolean pairInProse = words.length > 1 && word.indexOf('=') > 0;
                HostElement element = pairInProse ? HostElement.OTHER : HostElement.of(Quotes.remove(word), confidence);
                if ((strict && !element.certain(confidence)) || all.size() > MAX_ELEMENTS) {
                    return List.of();
                }
                all.add(element);
            }
        }
        return strict && !all.stream().allMatch(element -> element.certain(confidence)) ? List.of() : hosts(all);
    }

    private static List<String> hosts(List<HostElement> elements) {
        List<String> hosts = new ArrayList<>();
        for (HostElement element : elements) {
            String host = element.host();
            if (host != null) {
                hosts.add(host);
            }
        }
        return hosts;
    }

    private static int endOfElement(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) != ',' && text.charAt(end) != ';') {
            end++;
        }
        return end;
    }
}
