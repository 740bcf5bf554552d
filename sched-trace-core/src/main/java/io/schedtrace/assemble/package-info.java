/** Spans out of kernel records. Internal. */
@NullMarked
package io.schedtrace.assemble;

import org.jspecify.annotations.NullMarked;
