package io.schedtrace.cli;

import io.schedtrace.Tracing;
import io.schedtrace.internal.text.Constants;
import io.schedtrace.model.Availability;
import io.schedtrace.model.Via;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code sched-trace doctor}: tells which ways to trace work here. */
@Command(
        name = "doctor",
        description = {
            "%nTells of each way to trace whether it works here for this user; if not, why, and what to do about it. The"
                    + " first that works is used. The exit status is 0 if one works, else 125.%n"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class Doctor implements SubCommand {
    @Override
    public int run(PrintWriter out, PrintWriter err) {
        Map<Via, Availability> ways = Tracing.ways();
        ways.forEach((via, availability) -> out.printf(
                "%-8s%-5s%s%n",
                Constants.lower(via),
                availability.available() ? "works" : "no",
                availability.available() ? "" : "   " + availability.message()));
        return ways.values().stream().anyMatch(Availability::available) ? 0 : ExitCodes.OWN_FAILURE;
    }
}
