/** Turns the records of a session into spans. */
@NullMarked
package io.schedtrace.internal.assemble;

import org.jspecify.annotations.NullMarked;
