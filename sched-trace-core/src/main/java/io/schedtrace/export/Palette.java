package io.schedtrace.export;

/** How parts of a picture stand out: by terminal colours, or not at all. */
enum Palette {
    PLAIN,
    COLOURED;

    private static final String BOLD = "1";
    private static final String DIM = "2";
    private static final String RED = "1;31";
    private static final String YELLOW = "33";
    private static final String CYAN = "36";

    String name(String text) {
        return paint(BOLD, text);
    }

    String detail(String text) {
        return paint(DIM, text);
    }

    String failure(String text) {
        return paint(RED, text);
    }

    String unfinished(String text) {
        return paint(YELLOW, text);
    }

    String connection(String text) {
        return paint(CYAN, text);
    }

    private String paint(String codes, String text) {
        return this == PLAIN || text.isEmpty() ? text : "\033[" + codes + "m" + text + "\033[0m";
    }
}
