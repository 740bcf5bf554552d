/** Text for people: escaping, addresses, host names, quantities. It knows nothing of spans. */
@NullMarked
package io.schedtrace.internal.text;

import org.jspecify.annotations.NullMarked;
