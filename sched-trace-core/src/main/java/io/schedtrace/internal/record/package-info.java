/** Records: what a backend reports of processes, connections and host names, free of kernel numbers. */
@NullMarked
package io.schedtrace.internal.record;

import org.jspecify.annotations.NullMarked;
