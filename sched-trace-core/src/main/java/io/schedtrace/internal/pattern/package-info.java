/** Patterns that users write for hosts and for the peers of connections. */
@NullMarked
package io.schedtrace.internal.pattern;

import org.jspecify.annotations.NullMarked;
