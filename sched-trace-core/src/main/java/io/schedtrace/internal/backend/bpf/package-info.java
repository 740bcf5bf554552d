/** Records from the BPF programs of {@code sched-trace-native}, loaded by this JVM. */
@NullMarked
package io.schedtrace.internal.backend.bpf;

import org.jspecify.annotations.NullMarked;
