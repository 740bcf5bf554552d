/**
 * Assertions on traces for AssertJ, which is an optional dependency: add {@code org.assertj:assertj-core} yourself.
 *
 * <p>{@link io.schedtrace.assertj.TraceAssertions#assertThat(io.schedtrace.model.Trace)} starts an assertion. A
 * failure shows what was expected, what was found, and the tree. {@link io.schedtrace.assertj.TraceSoftAssertions}
 * collects failures.
 *
 * <p>Assertions on connections cover those that a process <em>made</em>, not those that it accepted. {@link
 * io.schedtrace.assertj.AbstractConnectionsAssert} describes how to write a host. {@link
 * io.schedtrace.assertj.AbstractProcessesAssert} is about all processes together.
 *
 * <p>Assertion objects are for one thread.
 */
@NullMarked
package io.schedtrace.assertj;

import org.jspecify.annotations.NullMarked;
