package io.schedtrace.junit;

import io.schedtrace.internal.text.ShortHash;
import java.lang.reflect.Method;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Names of report files. No two classes, and no two methods of a class, have the same name, also where case does not
 * count. A name that is not fit for a file is changed, and has a hash of the original behind it.
 */
final class ReportName {
    /** File systems take 255 bytes; the numbers of invocations and {@code .html} follow. */
    private static final int LONGEST = 200;

    private static final Pattern UNFIT = Pattern.compile("[^\\p{L}\\p{M}\\p{N}_.$(),]");
    private static final Pattern NOT_ASCII = Pattern.compile("[^\\x21-\\x7e]");

    private ReportName() {}

    /** The name of the directory of a class. */
    static String of(Class<?> type) {
        return fit(type.getName(), type.getName(), false);
    }

    /** The name of the files of a method, with its parameters where there are several of that name. */
    static String of(Class<?> type, Method method) {
        List<Method> others =
                ReflectionSupport.findMethods(type, other -> !other.isSynthetic(), HierarchyTraversalMode.TOP_DOWN);
        boolean overloaded = method.getName().equalsIgnoreCase("class")
                || others.stream()
                                .filter(o -> o.getName().equalsIgnoreCase(method.getName()))
                                .count()
                        > 1;
        String name = overloaded ? signature(method) : method.getName();
        boolean ambiguous = overloaded
                && others.stream()
                                .filter(o -> signature(o).equalsIgnoreCase(name))
                                .count()
                        > 1;
        return fit(name, method.toString(), ambiguous);
    }

    /** The name for whatever a test or class is called. */
    static String of(String name) {
        return fit(name, name, false);
    }

    private static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(",", "(", ")"));
    }

    private static String fit(String name, String original, boolean hashed) {
        String fit = UNFIT.matcher(name).replaceAll("_");
        if (!encoding().newEncoder().canEncode(fit)) {
            fit = NOT_ASCII.matcher(fit).replaceAll("_");
        }
        String cut = cut(fit);
        if (cut.equals(name) && !hashed) {
            return cut;
        }
        return cut + '-' + ShortHash.of(original);
    }

    private static String cut(String name) {
        StringBuilder cut = new StringBuilder(name);
        while (cut.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            cut.setLength(cut.offsetByCodePoints(cut.length(), -1));
        }
        return cut.toString();
    }

    /** How Java encodes the names of files. */
    private static Charset encoding() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    }
}
