package io.schedtrace.cli;

import io.schedtrace.bpf.Libc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forwards the signals that would end this JVM (SIGHUP, SIGINT, SIGTERM) to the command. A signal that the JVM was
 * started to ignore, for example by nohup(1) or as a background job of a shell, stays ignored by both.
 *
 * <p>A terminal sends SIGINT for ^C, and SIGHUP when it closes, to its whole foreground process group, which includes
 * the command. Those signals are not forwarded. A signal that arrives before the command starts is forwarded once it
 * has started. A signal that arrives after the command has ended is ignored, so that the spans can still be written.
 */
final class SignalForwarder {
    private static final String INT = "INT";
    private static final String HUP = "HUP";
    private static final String TERM = "TERM";
    private static final int SIGHUP = 1;
    private static final int SIGINT = 2;

    private final boolean startedOnTerminal = TerminalJob.ofThisProcess().hasTerminal();
    private final List<String> early = new ArrayList<>();
    private @Nullable Process command;

    private SignalForwarder() {}

    /** Installs the signal handlers, for the rest of the life of this JVM. */
    static SignalForwarder install() {
        SignalForwarder forwarder = new SignalForwarder();
        for (String signal : List.of(HUP, INT, TERM)) {
            SignalHandlers.set(signal, () -> forwarder.received(signal));
        }
        return forwarder;
    }

    /** Sets the command and forwards the signals that have arrived so far. */
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
            Libc.kill(to.pid(), signal.equals(HUP) ? SIGHUP : SIGINT);
        } catch (LinkageError e) {
            // Without jnr-ffi only SIGTERM can be sent.
            to.destroy();
        }
    }
}
