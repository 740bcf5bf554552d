package io.schedtrace.cli;

import java.io.PrintWriter;

/** A command of its own behind {@code sched-trace}. */
interface SubCommand {
    /**
     * Runs it.
     *
     * @param out receives its output
     * @param err receives error messages
     * @return the exit status
     */
    int run(PrintWriter out, PrintWriter err);
}
