/** A tracing session: one feed of records, what its records come to, and who hears of it. */
@NullMarked
package io.schedtrace.internal.session;

import org.jspecify.annotations.NullMarked;
