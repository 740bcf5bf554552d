import io.schedtrace.export.TraceFormat;
import io.schedtrace.hosts.DynamicSource;
import io.schedtrace.hosts.StaticSource;

/** Process trees and TCP connections as spans. */
module io.schedtrace {
    requires static transitive org.jspecify;
    requires static com.fasterxml.jackson.core;
    requires static info.picocli;
    requires static io.opentelemetry.api;
    requires static io.opentelemetry.context;
    requires static io.opentelemetry.sdk;
    requires static io.opentelemetry.sdk.autoconfigure;
    requires static io.opentelemetry.sdk.autoconfigure.spi;
    requires static io.opentelemetry.sdk.common;
    requires static io.opentelemetry.sdk.trace;
    requires static java.logging;
    requires static org.assertj.core;
    requires static org.dnsjava;
    requires static org.junit.jupiter.api;
    requires static org.junit.platform.launcher;
    requires static org.testng;
    requires io.schedtrace.bpf;

    exports io.schedtrace;
    exports io.schedtrace.analysis;
    exports io.schedtrace.assertj;
    exports io.schedtrace.export;
    exports io.schedtrace.hosts;
    exports io.schedtrace.junit;
    exports io.schedtrace.model;
    exports io.schedtrace.otel;
    exports io.schedtrace.testng;

    opens io.schedtrace.cli to
            info.picocli;
    opens io.schedtrace.junit to
            org.junit.platform.commons;

    uses DynamicSource;
    uses StaticSource;
    uses TraceFormat;
}
