package io.schedtrace.internal.text;

/** How parts of a picture stand out: by terminal colours, or not at all. */
public enum Palette {
    /** No colours. */
    PLAIN,
    /** The colours of ECMA-48. */
    COLOURED;

    private static final String BOLD = "1";
    private static final String DIM = "2";
    private static final String RED = "1;31";
    private static final String YELLOW = "33";
    private static final String CYAN = "36";

    /** The name of a program. */
    public String name(String text) {
        return paint(BOLD, text);
    }

    /** Details that matter less. */
    public String detail(String text) {
        return paint(DIM, text);
    }

    /** What has failed. */
    public String failure(String text) {
        return paint(RED, text);
    }

    /** What has not ended, or not as it should. */
    public String unfinished(String text) {
        return paint(YELLOW, text);
    }

    /** The peer of a connection. */
    public String connection(String text) {
        return paint(CYAN, text);
    }

    private String paint(String codes, String text) {
        return this == PLAIN || text.isEmpty() ? text : "\033[" + codes + "m" + text + "\033[0m";
    }
}
