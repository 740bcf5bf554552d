/** Collections. */
@NullMarked
package io.schedtrace.internal.collect;

import org.jspecify.annotations.NullMarked;
