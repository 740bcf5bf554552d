/**
 * The kernel side for Java: loads the BPF program and reads its ring buffer.
 *
 * <p>Internal to sched-trace. {@link io.schedtrace.bpf.KernelProbe} is the way in; {@link
 * io.schedtrace.bpf.RecordLayout} says what the bytes mean.
 */
@NullMarked
package io.schedtrace.bpf;

import org.jspecify.annotations.NullMarked;
