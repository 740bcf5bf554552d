/** Kernel records as values: what the bytes of the ring say, and nothing more. Internal. */
@NullMarked
package io.schedtrace.decode;

import org.jspecify.annotations.NullMarked;
