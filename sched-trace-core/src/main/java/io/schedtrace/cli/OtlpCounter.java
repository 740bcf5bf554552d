package io.schedtrace.cli;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;

/** Wraps an exporter and counts the spans that it delivers. */
final class OtlpCounter implements SpanExporter {
    private final SpanExporter exporter;
    private final AtomicLong delivered = new AtomicLong();

    OtlpCounter(SpanExporter exporter) {
        this.exporter = exporter;
    }

    long delivered() {
        return delivered.get();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int size = spans.size();
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> {
            if (result.isSuccess()) {
                delivered.addAndGet(size);
            }
        });
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
