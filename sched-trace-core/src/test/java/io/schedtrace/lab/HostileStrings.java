package io.schedtrace.lab;

import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.util.stream.Stream;

/** What a traced program may put into names and arguments to harm whoever reads the output. */
public final class HostileStrings {
    private HostileStrings() {}

    /** A process and a connection that are called so wherever they have a name. */
    public static Trace trace(String hostile) {
        ProcessSpan process = Spans.process(1, "/bin/" + hostile, hostile)
                .comm(hostile)
                .exe(hostile)
                .build();
        return Spans.trace(
                process, Spans.connection(2, process).peerHosts(hostile).build());
    }

    public static Stream<String> all() {
        return Stream.of(
                "",
                " ",
                "a b",
                "a\"b",
                "it's",
                "a\\b",
                "a=b",
                "line\nbreak",
                "carriage\rreturn",
                "tab\tstop",
                "nul\0byte",
                "\033[31mred\033[0m",
                "\033]0;title\007",
                "bell\007backspace\b",
                "delete\177",
                "c1 \u009b31m",
                "next line\u0085",
                "bidi \u202egnp.exe\u202c",
                "isolate \u2066x\u2069",
                "zero\u200bwidth\u200d\ufeff",
                "line\u2028paragraph\u2029",
                "no-break\u00a0space",
                "soft\u00adhyphen",
                "private\ue000",
                "unassigned\u0378",
                "tag\udb40\udc41",
                "raw bytes \udc80\udcff",
                "high alone \ud800",
                "emoji \ud83d\ude00",
                "grüße 日本",
                "<script>alert(1)</script>",
                "${jndi:ldap://x}",
                "type=process pid=1",
                "x".repeat(100_000));
    }
}
