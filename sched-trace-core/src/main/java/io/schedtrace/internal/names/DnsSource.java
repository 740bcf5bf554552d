package io.schedtrace.internal.names;

import io.schedtrace.hosts.DynamicSource;
import io.schedtrace.hosts.HostEvent;
import io.schedtrace.hosts.HostSink;

/**
 * Reads the answers to DNS queries of a process. The origin is {@code dns}.
 *
 * <p>Each address in an answer is a fact about the name in its question; aliases (CNAME) are followed. A truncated
 * answer is read up to its end. Answers that report an error are ignored.
 *
 * <p>The source needs dnsjava ({@code dnsjava:dnsjava}), an optional dependency. Without it the source finds nothing,
 * see {@link #available()}.
 */
public final class DnsSource implements DynamicSource {
    /** Creates the source. It has no state. */
    public DnsSource() {}

    /** Returns whether dnsjava and SLF4J, which it logs to, are on the class path. Loads them. */
    public static boolean available() {
        return Dnsjava.AVAILABLE;
    }

    @Override
    public String origin() {
        return "dns";
    }

    @Override
    public void observe(HostEvent event, HostSink sink) {
        if (event instanceof HostEvent.DnsAnswer dns && available()) {
            DnsMessages.read(dns.message(), sink);
        }
    }

    /** Initialized at the first answer, so that dnsjava is loaded only if it is needed. */
    private static final class Dnsjava {
        static final boolean AVAILABLE = probe();

        private static boolean probe() {
            try {
                DnsMessages.probe();
                return true;
            } catch (LinkageError e) {
                SourceLog.failed("reading DNS answers, which needs dnsjava and SLF4J on the class path,", e);
                return false;
            }
        }
    }
}
