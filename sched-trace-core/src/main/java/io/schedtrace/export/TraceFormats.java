package io.schedtrace.export;

import io.schedtrace.internal.text.Printable;
import io.schedtrace.model.Labels;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.TraceListener;
import io.schedtrace.model.TreeText;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

/**
 * Finds output formats by name: the built-in ones, and those that {@link ServiceLoader} finds with the context class
 * loader of the calling thread.
 */
public final class TraceFormats {
    private static final Logger LOG = System.getLogger("io.schedtrace");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]*");
    /** Bounds the search: a broken class loader may fail for ever. */
    private static final int MAX_FAILURES = 64;

    private static final List<TraceFormat> BUILT_IN = List.of(
            new BuiltIn("text", true, false, (out, labels, redactor, colours) -> TextLines.to(out, labels, redactor)),
            new BuiltIn("json", true, false, (out, labels, redactor, colours) -> JsonLines.to(out, labels, redactor)),
            new BuiltIn("tree", false, false, TraceFormats::tree),
            new BuiltIn("html", false, true, (out, labels, redactor, colours) -> HtmlReport.to(out, labels, redactor)),
            new BuiltIn(
                    "perfetto",
                    false,
                    true,
                    (out, labels, redactor, colours) -> PerfettoTrace.to(out, labels, redactor)));

    private TraceFormats() {}

    /**
     * Returns the format with the given name. A provider that cannot be loaded, or whose name is not valid, is logged
     * and ignored.
     *
     * @throws IllegalArgumentException if there is no such format, or more than one; the message lists them
     */
    public static TraceFormat find(String name) {
        List<Named> all = all();
        List<TraceFormat> found = all.stream()
                .filter(format -> format.name.equals(name))
                .map(Named::format)
                .toList();
        if (found.size() > 1) {
            throw new IllegalArgumentException(ambiguous(name, found));
        }
        if (found.isEmpty()) {
            List<String> names = all.stream().map(Named::name).distinct().toList();
            throw new IllegalArgumentException("a format is " + join(names, " or ") + ", not \"" + name + '"');
        }
        return found.get(0);
    }

    private static String ambiguous(String name, List<TraceFormat> found) {
        boolean builtIn = found.get(0) instanceof BuiltIn;
        List<String> definitions = found.stream()
                .map(format -> format instanceof BuiltIn
                        ? "the built-in one"
                        : format.getClass().getName())
                .toList();
        return "there are " + found.size() + " formats named \"" + name + "\": " + join(definitions, " and ")
                + (builtIn
                        ? "; a built-in format cannot be replaced, so rename the other one"
                        : "; remove all but one of them from the class path");
    }

    private static List<Named> all() {
        List<Named> formats = new ArrayList<>();
        BUILT_IN.forEach(format -> formats.add(new Named(format.name(), format)));
        Iterator<ServiceLoader.Provider<TraceFormat>> providers =
                ServiceLoader.load(TraceFormat.class).stream().iterator();
        for (int failures = 0; failures < MAX_FAILURES; ) {
            try {
                if (!providers.hasNext()) {
                    break;
                }
                formats.add(Named.of(providers.next().get()));
            } catch (ServiceConfigurationError | LinkageError e) {
                failures++;
                String cause = e.getCause() == null ? "" : ": " + e.getCause();
                LOG.log(Level.WARNING, "an output format is ignored: {0}", Printable.escape(e.getMessage() + cause));
            }
        }
        return formats;
    }

    private static TraceListener tree(Appendable out, Labels labels, Redactor redactor, boolean colours) {
        return (colours ? TreeText.coloured() : TreeText.plain())
                .labelled(labels)
                .redacted(redactor)
                .to(out);
    }

    /** Joins words with commas, and the last two with {@code last}. */
    private static String join(List<String> words, String last) {
        int end = words.size() - 1;
        return String.join(", ", words.subList(0, end)) + last + words.get(end);
    }

    /** A format and its name, which a provider is asked for only once. */
    private record Named(String name, TraceFormat format) {
        static Named of(TraceFormat format) {
            String type = format.getClass().getName();
            String name;
            try {
                name = format.name();
            } catch (RuntimeException e) {
                throw new ServiceConfigurationError(type + " does not tell its name", e);
            }
            if (name == null || !NAME.matcher(name).matches()) {
                throw new ServiceConfigurationError(type + " is named \"" + name
                        + "\"; a name has lower-case letters, digits, '.', '_' and '-' only");
            }
            return new Named(name, format);
        }
    }

    /** Creates the listener of a built-in format. */
    private interface Opener {
        TraceListener open(Appendable out, Labels labels, Redactor redactor, boolean colours);
    }

    private record BuiltIn(String name, boolean streams, boolean needsFile, Opener opener) implements TraceFormat {
        @Override
        public TraceListener listener(Appendable out, Labels labels, Redactor redactor, boolean colours) {
            return opener.open(out, labels, redactor, colours);
        }
    }
}
