package io.schedtrace.cli;

import io.schedtrace.bpf.Launcher;
import io.schedtrace.model.TracingUnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code sched-trace} command: runs a command and writes its processes and TCP connections as spans. {@code --help}
 * describes the options.
 */
public final class SchedTrace {
    private SchedTrace() {}

    /** Runs the command and exits with its exit status. */
    public static void main(String[] args) {
        System.setProperty("java.util.logging.SimpleFormatter.format", "sched-trace: %5$s%6$s%n");
        PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
        PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
        String problem = ArgumentBytes.problem(args);
        if (problem != null) {
            err.println("sched-trace: " + problem);
            System.exit(ExitCodes.USAGE);
        }
        System.exit(runOrFail(out, err, args));
    }

    /**
     * Calls {@link #run}. If that fails unexpectedly, prints the stack trace and returns {@link ExitCodes#OWN_FAILURE}.
     */
    private static int runOrFail(PrintWriter out, PrintWriter err, String[] args) {
        try {
            return run(out, err, args);
        } catch (IOException | InterruptedException | RuntimeException e) {
            e.printStackTrace(err);
            return ExitCodes.OWN_FAILURE;
        }
    }

    /**
     * Runs the command with the given arguments.
     *
     * @param out receives the output of {@code --help} and {@code --version}
     * @param err receives error messages; spans are written to the stderr of the process, not here
     * @return the exit status
     */
    static int run(PrintWriter out, PrintWriter err, String... args) throws IOException, InterruptedException {
        Options simple = Launcher.isPresent() ? Options.ofSimple(args) : null;
        try {
            return simple == null ? parseAndRun(out, err, args) : new CommandRun(simple, err).run();
        } catch (TracingUnavailableException e) {
            err.println("sched-trace: " + e.getMessage());
            return ExitCodes.OWN_FAILURE;
        }
    }

    private static int parseAndRun(PrintWriter out, PrintWriter err, String[] args)
            throws IOException, InterruptedException {
        Options options = new Options();
        CommandLine parser = Options.parser(options).setOut(out).setErr(err);
        try {
            ParseResult parsed = parser.parseArgs(args);
            Integer done = CommandLine.executeHelpRequest(parsed);
            if (done != null) {
                return done;
            }
            return parsed.hasSubcommand()
                    ? ((SubCommand) parsed.subcommand().commandSpec().userObject()).run(out, err)
                    : new CommandRun(options, err).run();
        } catch (ParameterException e) {
            err.println("sched-trace: " + e.getMessage() + remedy(e));
            return ExitCodes.USAGE;
        }
    }

    private static String remedy(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        if (command.getParent() != null) {
            return wrong instanceof UnmatchedArgumentException
                    ? "; see sched-trace " + command.getCommandName() + " --help"
                    : "";
        }
        return wrong instanceof UnmatchedArgumentException
                ? "; put -- before a command that begins with a dash, or see sched-trace --help"
                : "";
    }
}
