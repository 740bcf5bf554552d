/** Records that were written to a file, and a backend that replays them. */
@NullMarked
package io.schedtrace.internal.backend.file;

import org.jspecify.annotations.NullMarked;
