/** Host names for addresses: the built-in sources, the lookups, and what each process knows. */
@NullMarked
package io.schedtrace.internal.names;

import org.jspecify.annotations.NullMarked;
