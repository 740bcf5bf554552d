package io.schedtrace.internal.text;

/** Text for the pages and the logs of build servers. */
public final class BuildServer {
    private BuildServer() {}

    /** Returns a text in Markdown: nothing in it is a mark, a link, a tag, or the border of a table. */
    public static String markdown(String text) {
        StringBuilder out = new StringBuilder();
        Printable.escape(text).codePoints().forEach(c -> {
            boolean plain = Character.isLetterOrDigit(c) || " .,/=-".indexOf(c) >= 0 || c > 0x7f;
            if (plain) {
                out.appendCodePoint(c);
            } else {
                out.append("&#").append(c).append(';');
            }
        });
        return out.toString();
    }

    /** Returns the line that makes an error of GitHub Actions, with its end. */
    public static String error(String title, String message) {
        return "::error title=" + data(title).replace(":", "%3A").replace(",", "%2C") + "::" + data(message) + "\n";
    }

    private static String data(String text) {
        return Printable.escape(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }
}
