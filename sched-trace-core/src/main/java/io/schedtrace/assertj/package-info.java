/**
 * Assertions on traces for AssertJ, which is an optional dependency: add {@code org.assertj:assertj-core} yourself.
 *
 * <p>{@link io.schedtrace.assertj.TraceAssertions#assertThat(io.schedtrace.Trace)} is the way in. A failure shows what
 * was expected, what there is instead, and the tree. {@link io.schedtrace.assertj.TraceSoftAssertions} collects
 * failures.
 *
 * <p>What is said of connections is said of those that a process <em>made</em>; connections that it accepted are not
 * looked at. {@link io.schedtrace.assertj.AbstractConnectionsAssert} tells how a host is written.
 *
 * <p>Assertion objects are for one thread.
 */
@NullMarked
package io.schedtrace.assertj;

import org.jspecify.annotations.NullMarked;
