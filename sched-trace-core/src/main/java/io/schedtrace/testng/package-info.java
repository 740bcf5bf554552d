/**
 * The adapter for TestNG: {@link io.schedtrace.testng.TraceTestNgListener}, which TestNG finds. Needs {@code
 * org.testng:testng}, an optional dependency that a test has anyway.
 */
@NullMarked
package io.schedtrace.testng;

import org.jspecify.annotations.NullMarked;
