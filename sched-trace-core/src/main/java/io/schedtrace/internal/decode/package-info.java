/** Reads the bytes that {@code record.h} describes as records. */
@NullMarked
package io.schedtrace.internal.decode;

import org.jspecify.annotations.NullMarked;
