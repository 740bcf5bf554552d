/** Finds host names in the text of arguments, environment variables and settings. */
@NullMarked
package io.schedtrace.internal.names.find;

import org.jspecify.annotations.NullMarked;
