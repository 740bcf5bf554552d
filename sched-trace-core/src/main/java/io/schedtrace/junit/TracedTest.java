package io.schedtrace.junit;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A test, or a class of tests, as its trace and its reports need it, whatever runs it.
 *
 * @param id begins with the id of the class that it is in, and a slash
 * @param name for people
 * @param isTest false for a class
 * @param report finds where its reports are in their directory, without an extension; most tests need none
 * @param entries takes report entries
 * @param baseline what the test must run; null if it does not say
 */
record TracedTest(
        String id,
        String name,
        boolean isTest,
        Supplier<Path> report,
        Consumer<Map<String, String>> entries,
        Baselines.@Nullable Baseline baseline) {}
