package io.schedtrace.internal.names;

import io.schedtrace.hosts.DynamicSource;
import io.schedtrace.hosts.HostEvent;
import io.schedtrace.hosts.HostSink;

/**
 * The answers to DNS queries of a process, origin {@code dns}: each address in an answer is a fact of the name in its
 * question, through whatever aliases (CNAME) the answer leads. Of an answer that is not whole, or malformed further on, what
 * stands before counts. What tells of no success is ignored.
 *
 * <p>The messages are read by dnsjava ({@code dnsjava:dnsjava}), an optional dependency. Without it the source learns
 * nothing, see {@link #available()}.
 */
public final class DnsSource implements DynamicSource {
    /** Makes the source; it has no state. */
    public DnsSource() {}

    /** Whether dnsjava, and the SLF4J that it logs to, are there, so that answers can be read. Loads them. */
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

    /** Initialized at the first answer: who has none does not load dnsjava. */
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
