/**
 * Finds host names in the text of arguments, environment variables and settings.
 *
 * <p>Text flows in one direction. {@link HostFinder} takes arguments or a setting. Readers ({@code ArgumentReader},
 * {@code ProgramReader}) turn arguments into pieces. Splitters ({@code PairSplitter} and those it uses) turn a value
 * into further pieces. Recognisers ({@code EmbeddedHosts}, {@code ListedHosts}) return the hosts in a piece. Only
 * {@code HostFinder} loops and reports.
 */
@NullMarked
package io.schedtrace.internal.names.find;

import org.jspecify.annotations.NullMarked;
