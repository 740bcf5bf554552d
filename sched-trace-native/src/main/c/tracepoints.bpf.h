/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Definitions of tracepoint programs, some with a backup.
 *
 * The kernel skips a program while the same program is already running on that processor (__bpf_trace_run(),
 * kernel/trace/bpf_trace.c). Up to Linux 6 only a softirq that interrupts the program causes that. There only one
 * program is attached, because a second one would cost each connection 3 %.
 *
 * Since Linux 7 a task can be preempted inside a tracepoint's program, so the backup is attached too: when the kernel
 * skips one program it runs the other, unless both are already running there. Each finds out whether the other has
 * done the work, and disables preemption meanwhile. A pending preemption then takes place as soon as the program
 * enables preemption again, while it is still running. If the kernel skips both programs, a fork is seen when the new
 * task wakes up, an exec by three more programs, the end of a process when it is freed (process.bpf.h), and the end
 * of a connection when the tracing JVM looks at the socket (missed.bpf.h).
 *
 * The kernel functions that disable preemption are newer than Linux 6.1, where libbpf cannot even look for them
 * without CAP_SYS_ADMIN. Programs that call them are therefore a second object, built from the same source with
 * PREEMPTIBLE defined.
 */
#ifndef SCHEDTRACE_TRACEPOINTS_BPF_H
#define SCHEDTRACE_TRACEPOINTS_BPF_H

#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#ifdef PREEMPTIBLE
extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;
#define WITHOUT_PREEMPTION(call) (bpf_preempt_disable(), call, bpf_preempt_enable(), 0)
#else
#define WITHOUT_PREEMPTION(call) (call, 0)
#endif

#define TRACEPOINT(tracepoint, name, call, parameters...)         \
	SEC("tp_btf/" #tracepoint) int BPF_PROG(name, parameters) \
	{                                                         \
		return WITHOUT_PREEMPTION(call);                  \
	}

/* Defines the program and its backup, which is called NAME_backup. */
#define TRACEPOINT_BACKED_UP(tracepoint, name, call, parameters...) \
	TRACEPOINT(tracepoint, name, call, parameters)              \
	TRACEPOINT(tracepoint, name##_backup, call, parameters)

#endif
