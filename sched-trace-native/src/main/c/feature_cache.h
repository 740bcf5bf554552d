/* SPDX-License-Identifier: Apache-2.0 */
/* Makes libbpf find out again what the kernel supports. */
#ifndef SCHEDTRACE_FEATURE_CACHE_H
#define SCHEDTRACE_FEATURE_CACHE_H

/*
 * Forgets the results of libbpf's feature probes. libbpf keeps them for the life of the process, also if a probe has
 * failed only because descriptors or memory were short: every later load would then fail for want of that feature.
 */
void forget_features(void);

#endif
