/**
 * Examples of what a trace is good for. Each is a class whose {@code main} prints what it does:
 *
 * <ul>
 *   <li>{@link io.schedtrace.examples.CommandUnderTest}: what a shell script really runs, and how each step ended
 *   <li>{@link io.schedtrace.examples.ServerUnderTest}: nginx and its client in one trace, both ends of a connection
 *   <li>{@link io.schedtrace.examples.SlowestBuildStep}: the compilation that {@code make -j4} waits for
 *   <li>{@link io.schedtrace.examples.LeakHunt}: what a script leaves running, daemons included, and its end
 *   <li>{@link io.schedtrace.examples.HermeticCheck}: a program that talks to somebody it should not
 * </ul>
 *
 * <p>To run one, build with {@code mvn package}, then, as root:
 *
 * <pre>
 * java -cp 'sched-trace-examples/target/*:sched-trace-core/target/*:sched-trace-core/target/lib/*' \
 *     io.schedtrace.examples.LeakHunt
 * </pre>
 */
@NullMarked
package io.schedtrace.examples;

import org.jspecify.annotations.NullMarked;
