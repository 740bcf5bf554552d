/** Names and addresses of hosts as text, and patterns of them. Internal. */
@NullMarked
package io.schedtrace.address;

import org.jspecify.annotations.NullMarked;
