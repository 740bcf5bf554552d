package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.model.TracingUnavailableException;
import io.schedtrace.model.Via;
import java.util.function.IntFunction;

/**
 * A way to get the BPF programs into the kernel.
 *
 * @param via its name
 * @param loader loads them with a ring of that many bytes, or throws a {@link TracingUnavailableException}
 */
record ProbeSource(Via via, IntFunction<KernelProbe> loader) {}
