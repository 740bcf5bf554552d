/**
 * The JUnit Jupiter extension: {@link io.schedtrace.junit.TraceProcesses} on a test class or method, {@link
 * io.schedtrace.junit.TraceExtension} for {@code @RegisterExtension}, {@link
 * io.schedtrace.junit.EnabledIfTracingAvailable} for tests that trace by themselves.
 *
 * <p>Needs {@code org.junit.jupiter:junit-jupiter-api} 5.13 or later, an optional dependency that a test has anyway.
 */
@NullMarked
package io.schedtrace.junit;

import org.jspecify.annotations.NullMarked;
