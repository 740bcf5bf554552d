/** Finds secrets in texts and argument lists, and hides them. The time is linear in the length of the input. */
@NullMarked
package io.schedtrace.internal.redact;

import org.jspecify.annotations.NullMarked;
