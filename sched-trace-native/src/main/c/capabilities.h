/* SPDX-License-Identifier: Apache-2.0 */
/* The capabilities of the calling thread, capget(2). */
#ifndef SCHEDTRACE_CAPABILITIES_H
#define SCHEDTRACE_CAPABILITIES_H

#include <linux/capability.h>
#include <linux/types.h>

#define CAPABILITY(number) (1ULL << (number))
#define BPF_CAPABILITIES (CAPABILITY(CAP_BPF) | CAPABILITY(CAP_PERFMON))

/* Returns the effective ones; 0 if that cannot be told. */
__u64 effective_capabilities(void);

/* Gives up all but these, which the thread must have. Returns 0 or -1, see errno. */
int keep_capabilities(__u64 kept);

#endif
