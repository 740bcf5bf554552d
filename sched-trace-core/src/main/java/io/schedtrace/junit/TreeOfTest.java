package io.schedtrace.junit;

import io.schedtrace.internal.text.Ascii;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeText;
import java.util.Arrays;
import java.util.List;

/**
 * The tree of a failed test. It hangs on the failure as a suppressed exception: a stack trace, which is what build tools
 * and IDEs show of a failure, has it then.
 */
final class TreeOfTest extends Exception {
    private static final long serialVersionUID = 1;

    private TreeOfTest(String message) {
        super(message, null, false, false);
    }

    /**
     * Adds the tree to {@code failure}, or prints it to standard error if the failure takes nothing. A failure whose
     * message has the tree already, as those of {@code io.schedtrace.assertj}, only gets the name of the report.
     */
    static void attach(Throwable failure, Trace trace, List<Trace> around, String written) {
        StringBuilder text = new StringBuilder("processes and connections, ").append(written);
        if (!String.valueOf(failure.getMessage()).contains(", trace " + trace.traceId())) {
            text.append('\n').append(TreeText.plain().brief().format(trace));
        }
        for (Trace outer : around) {
            SessionSpan session = outer.session();
            if (session != null
                    && !(outer.processes().isEmpty() && outer.connections().isEmpty())) {
                text.append("\nof the class, up to now:\n")
                        .append(TreeText.plain().brief().format(outer));
            }
        }
        TreeOfTest tree = new TreeOfTest(Ascii.ifNeeded(text.toString()));
        failure.addSuppressed(tree);
        if (!Arrays.asList(failure.getSuppressed()).contains(tree)) {
            System.err.println(tree);
        }
    }

    /** Without the name of the class, which nobody asks for in the middle of a stack trace. */
    @Override
    @SuppressWarnings("OverrideThrowableToString")
    public String toString() {
        return String.valueOf(getMessage());
    }
}
