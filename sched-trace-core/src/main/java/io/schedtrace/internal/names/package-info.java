/** Host names of addresses: the built-in sources, lookups, and the names that each process knows. */
@NullMarked
package io.schedtrace.internal.names;

import org.jspecify.annotations.NullMarked;
