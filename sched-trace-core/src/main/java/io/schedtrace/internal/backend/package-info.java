/**
 * The ways to get records: {@link io.schedtrace.internal.backend.Backend} is one way, {@link
 * io.schedtrace.internal.backend.Feed} the records of one session. This layer knows nothing of spans, host names or
 * output.
 */
@NullMarked
package io.schedtrace.internal.backend;

import org.jspecify.annotations.NullMarked;
