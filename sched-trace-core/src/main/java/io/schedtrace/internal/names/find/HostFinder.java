package io.schedtrace.internal.names.find;

import io.schedtrace.hosts.HostSink;
import io.schedtrace.internal.names.find.Programs.Program;
import io.schedtrace.internal.text.HostText;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds hosts in arguments and settings and reports them to a sink, in the order of the text. */
public final class HostFinder {
    /** Pairs nested deeper than this are ignored. */
    private static final int MAX_DEPTH = 3;

    private final HostSink sink;

    /** Creates a finder that reports to {@code sink}. */
    public HostFinder(HostSink sink) {
        this.sink = sink;
    }

    /**
     * Finds hosts in the arguments of a program.
     *
     * @param program the program; null if it is not a known one
     * @param arguments the arguments, without the program's name
     */
    public void inArguments(@Nullable Program program, List<String> arguments) {
        find(program == null ? ArgumentReader.read(arguments) : ProgramReader.read(program, arguments), 0);
    }

    /**
     * Finds hosts in the value of a setting.
     *
     * @param kind what {@code key} says about the value, see {@link KeyKind#of}
     */
    public void inSetting(KeyKind kind, String key, String value) {
        find(List.of(new Piece.Pair(kind, key, value)), 0);
    }

    private void find(List<Piece> pieces, int depth) {
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Pair pair) {
                if (depth < MAX_DEPTH) {
                    find(PairSplitter.split(pair), depth + 1);
                }
            } else if (piece instanceof Piece.Text text) {
                report(EmbeddedHosts.in(text.text()).hosts());
            } else if (piece instanceof Piece.HostList list) {
                report(ListedHosts.list(list.text(), list.confidence()));
            } else if (piece instanceof Piece.Host host) {
                report(ListedHosts.single(host.text(), host.confidence()));
            } else if (piece instanceof Piece.NameAndAddress known) {
                report(known);
            }
        }
    }

    private void report(List<String> hosts) {
        hosts.forEach(sink::candidate);
    }

    private void report(Piece.NameAndAddress known) {
        InetAddress address = HostText.address(known.address().replace("[", "").replace("]", ""));
        if (address != null) {
            sink.fact(known.name(), address);
        }
    }
}
