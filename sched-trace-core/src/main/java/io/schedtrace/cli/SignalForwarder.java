package io.schedtrace.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Passes on to the command what would end this JVM: SIGHUP, SIGINT, SIGTERM. A signal that the JVM was told to ignore
 * (nohup(1), a shell's background job) stays ignored by both.
 *
 * <p>A terminal sends ^C, and its end, to all of its foreground process group, the command included, so those are not
 * passed on. A signal that came before the command was started is passed on when it is. One that comes after its end
 * does nothing: what is left to do then is short, and is to put the spans out.
 */
final class SignalForwarder {
    private static final String INT = "INT";
    private static final String HUP = "HUP";
    private static final String TERM = "TERM";

    private final boolean startedOnTerminal = TerminalJob.ofThisProcess().hasTerminal();
    private final List<String> early = new ArrayList<>();
    private @Nullable Process command;

    private SignalForwarder() {}

    /** Takes the signals over from the JVM, for the rest of its life. */
    static SignalForwarder install() {
        SignalForwarder forwarder = new SignalForwarder();
        for (String signal : List.of(HUP, INT, TERM)) {
            SignalHandlers.set(signal, () -> forwarder.received(signal));
        }
        return forwarder;
    }

    /** Names the command; it gets what has come by now. */
    synchronized void attach(Process process) {
        command = process;
        early.forEach(this::received);
        early.clear();
    }

    private synchronized void received(String signal) {
        if (command == null) {
            early.add(signal);
        } else if (command.isAlive() && !isFromTerminal(signal, command)) {
            send(signal, command);
        }
    }

    private boolean isFromTerminal(String signal, Process to) {
        return switch (signal) {
            case INT -> TerminalJob.ofThisProcess().inForeground() && TerminalJob.sameGroup(to.pid());
            case HUP -> startedOnTerminal && TerminalJob.sameGroup(to.pid());
            default -> false;
        };
    }

    private static void send(String signal, Process to) {
        if (signal.equals(TERM)) {
            to.destroy();
            return;
        }
        try {
            new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(to.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            to.destroy();
        }
    }
}
