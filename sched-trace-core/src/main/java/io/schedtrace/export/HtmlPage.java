package io.schedtrace.export;

import io.schedtrace.internal.text.Html;
import io.schedtrace.internal.text.Printable;
import io.schedtrace.internal.text.ShellWord;
import io.schedtrace.model.Labels;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The page of {@link HtmlReport}: a frame with places for style, script and data. */
final class HtmlPage {
    private static final Pattern PLACE = Pattern.compile("\\$\\{([a-z-]+)}");
    private static final int LONGEST_TREE = 200_000;

    /** The frame's parts: text, the name of a place, text, the name of a place, ..., text. */
    private static final List<String> FRAME = split(resource("report.html"));

    private static final String STYLE = "\n" + resource("report.css");
    private static final String SCRIPT = script("text", "model", "timeline", "rows", "details", "summary", "report");
    private static final Map<String, String> FIXED =
            Map.of("style", STYLE, "style-hash", hash(STYLE), "script", SCRIPT, "script-hash", hash(SCRIPT));

    private HtmlPage() {}

    static void write(Trace trace, Labels labels, Redactor redactor, Appendable out) throws IOException {
        for (int i = 0; i < FRAME.size(); i++) {
            String part = FRAME.get(i);
            out.append(i % 2 == 0 ? part : content(part, trace, labels, redactor));
        }
    }

    /** The session's name, else the root's command line, as the tree has it. */
    static String title(Trace trace, Redactor redactor) {
        SessionSpan session = trace.session();
        if (session != null) {
            return Printable.escape(redactor.text(session.name()));
        }
        ProcessSpan root = trace.root();
        return root == null ? "An empty trace" : root.commandLine(redactor).toString();
    }

    private static String content(String place, Trace trace, Labels labels, Redactor redactor) {
        return switch (place) {
            case "title" -> Html.escape(title(trace, redactor));
            case "tree" ->
                Html.escape(tree(trace, TreeText.plain().labelled(labels).redacted(redactor)));
            case "data" -> HtmlData.of(trace, labels, redactor);
            default -> Objects.requireNonNull(FIXED.get(place), place);
        };
    }

    private static String tree(Trace trace, TreeText format) {
        String tree = format.format(trace);
        return tree.length() <= LONGEST_TREE
                ? tree
                : ShellWord.beginning(tree, LONGEST_TREE) + "…\n" + format.summary(trace);
    }

    private static List<String> split(String frame) {
        List<String> parts = new ArrayList<>();
        Matcher place = PLACE.matcher(frame);
        int from = 0;
        while (place.find()) {
            parts.add(frame.substring(from, place.start()));
            parts.add(place.group(1));
            from = place.end();
        }
        parts.add(frame.substring(from));
        return parts;
    }

    /** All files in one function, so that their names are not global. */
    private static String script(String... names) {
        return Arrays.stream(names)
                .map(name -> resource(name + ".js"))
                .collect(Collectors.joining("\n", "\n(() => {\n\"use strict\";\n", "})();\n"));
    }

    /** What the policy calls an element's content by. */
    private static String hash(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) {
        return Html.resource(HtmlPage.class, "html/" + name);
    }
}
