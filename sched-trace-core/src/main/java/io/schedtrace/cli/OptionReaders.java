package io.schedtrace.cli;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.export.TraceFormat;
import io.schedtrace.export.TraceFormats;
import io.schedtrace.internal.text.Constants;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.Via;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the values of options. */
final class OptionReaders {
    private OptionReaders() {}

    /** Reads {@code --trace-id}. */
    static final class TraceIdReader implements ITypeConverter<TraceId> {
        @Override
        public TraceId convert(String text) {
            return reading(() -> TraceId.parse(text));
        }
    }

    /** Reads {@code --parent-id}. */
    static final class SpanIdReader implements ITypeConverter<SpanId> {
        @Override
        public SpanId convert(String text) {
            return reading(() -> SpanId.parse(text));
        }
    }

    /** Reads {@code --format}. */
    static final class FormatReader implements ITypeConverter<TraceFormat> {
        @Override
        public TraceFormat convert(String text) {
            return reading(() -> TraceFormats.find(text));
        }
    }

    /** Reads {@code --ring-size}. */
    static final class RingSizeReader implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            int bytes;
            try {
                bytes = Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw new TypeConversionException(
                        "a ring size is a number of bytes such as 8388608, not \"" + text + '"');
            }
            return reading(() -> {
                ProcessTreeTracer.builder().ringSize(bytes);
                return bytes;
            });
        }
    }

    /** Reads {@code --via}. */
    static final class ViaReader implements ITypeConverter<Via> {
        @Override
        public Via convert(String text) {
            if (text.equals("ptrace")) {
                throw new TypeConversionException(
                        "ptrace traces what a Java program starts, not yet what this command starts;"
                                + " see sched-trace doctor for the ways that it has");
            }
            for (Via via : Via.values()) {
                if (Constants.lower(via).equals(text)) {
                    return reading(() -> {
                        ProcessTreeTracer.builder().via(via);
                        return via;
                    });
                }
            }
            throw new TypeConversionException('"' + text + "\" is not a way to trace; see sched-trace doctor");
        }
    }

    /** Reads the name of one of the formats of a subcommand: a constant in lower case. */
    static <E extends Enum<E>> E format(Class<E> formats, String text) {
        List<String> names =
                Arrays.stream(formats.getEnumConstants()).map(Constants::lower).toList();
        int index = names.indexOf(text);
        if (index < 0) {
            int last = names.size() - 1;
            throw new TypeConversionException("the formats are " + String.join(", ", names.subList(0, last)) + " and "
                    + names.get(last) + ", not \"" + text + '"');
        }
        return formats.getEnumConstants()[index];
    }

    /** Returns what {@code reader} does. What it complains of is a mistake in an option. */
    static <T> T reading(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
