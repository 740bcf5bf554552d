package io.schedtrace.internal.pattern;

import io.schedtrace.model.Exec;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which programs are meant: those of a name, {@code git}, or of an absolute path, {@code /usr/bin/git}. {@code *} stands for
 * any part of a name, and {@code **} also for slashes. A name is that of the file that was executed or, through a symbolic
 * link or a script, that of the program that runs; a path is either's. {@code /bin} and {@code /usr/bin} are the same
 * directory where one is a link to the other.
 *
 * @param text as it was written
 * @param path whether it is a path, not a name
 * @param regex what it means; of a path, several
 */
public record ProgramPattern(String text, boolean path, List<Pattern> regex) {
    private static final Pattern UNREAL = Pattern.compile(".*(//|/\\.{1,2}(/.*)?$).*");

    /** @throws IllegalArgumentException if it is none, or can match nothing; the message names it */
    public static ProgramPattern parse(String text) {
        if (text.isEmpty()) {
            throw bad(text, "it is empty");
        }
        if (!text.equals(text.strip()) || text.chars().anyMatch(c -> c < ' ')) {
            throw bad(text, "there is a blank at its beginning or end, or a control character in it");
        }
        int slash = text.lastIndexOf('/');
        if (slash < 0) {
            return new ProgramPattern(text, false, List.of(glob(text)));
        }
        if (!text.startsWith("/")) {
            throw bad(text, "it can match nothing: a path begins with a slash, and a name has none");
        }
        if (text.endsWith("/")) {
            throw bad(text, "it can match nothing: write " + text + "* for the programs in a directory");
        }
        if (UNREAL.matcher(text).matches()) {
            throw bad(text, "it can match nothing: the path of a program has no '//', '/./' or '/../'");
        }
        return new ProgramPattern(text, true, List.of(glob(text), glob(real(text))));
    }

    private static IllegalArgumentException bad(String text, String why) {
        return new IllegalArgumentException("'" + text + "' is not a pattern: " + why);
    }

    private static Pattern glob(String text) {
        StringBuilder regex = new StringBuilder();
        int from = 0;
        for (int star = text.indexOf('*'); star >= 0; star = text.indexOf('*', from)) {
            regex.append(Pattern.quote(text.substring(from, star)));
            boolean deep = text.startsWith("**", star);
            regex.append(deep ? ".*" : "[^/]*");
            from = star + (deep ? 2 : 1);
        }
        return Pattern.compile(regex + Pattern.quote(text.substring(from)), Pattern.DOTALL);
    }

    /** The path, with the symbolic links to its directory followed; as it is if they cannot be. */
    private static String real(String path) {
        int slash = path.lastIndexOf('/');
        String directory = slash < 0 ? "" : path.substring(0, slash);
        if (!path.startsWith("/") || directory.isEmpty() || directory.indexOf('*') >= 0) {
            return path;
        }
        try {
            return Path.of(directory).toRealPath() + path.substring(slash);
        } catch (IOException | InvalidPathException e) {
            return path;
        }
    }

    /** Whether the program of an exec is one of those. */
    public boolean fits(Exec exec) {
        return path
                ? matches(exec.exe()) || matches(real(exec.filename()))
                : matches(exec.name()) || matches(name(exec.exe()));
    }

    private boolean matches(String program) {
        return regex.stream().anyMatch(one -> one.matcher(program).matches());
    }

    private static String name(String file) {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    /** Whether everything that {@code other} matches is matched by this, as far as their texts tell. */
    public boolean covers(ProgramPattern other) {
        if (text.equals(other.text) || text.equals("*")) {
            return true;
        }
        String theirs = path ? other.text : name(other.text);
        boolean certain = theirs.indexOf('*') < 0 && (!path || other.path);
        return certain && matches(theirs);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProgramPattern pattern && text.equals(pattern.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
