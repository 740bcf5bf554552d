package io.schedtrace.assertj;

import java.util.function.Consumer;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.SoftAssertionsProvider;

/**
 * AssertJ's soft assertions together with those on traces: all failures are told, not only the first.
 *
 * <pre><code class='java'>
 * // sh -c 'ls | wc -l'
 * TraceSoftAssertions.assertTraceSoftly(softly -> {
 *     softly.assertThat(trace).process("ls").exitedWith(0); // passes
 *     softly.assertThat(trace).process("grep").exitedWith(0); // fails: there is none; goes on
 *     softly.assertThat(trace).madeNoConnections(); // passes
 * });</code></pre>
 *
 * <p>They need the class path: AssertJ collects failures through subclasses that it cannot make of assertions in a
 * named module.
 */
public class TraceSoftAssertions extends SoftAssertions implements TraceSoftAssertionsProvider {
    /** Nothing collected yet. */
    public TraceSoftAssertions() {}

    /**
     * Collects the failures in {@code assertions}, then fails with all of them.
     *
     * @throws AssertionError if there was one
     */
    public static void assertTraceSoftly(Consumer<TraceSoftAssertions> assertions) {
        SoftAssertionsProvider.assertSoftly(TraceSoftAssertions.class, assertions);
    }
}
