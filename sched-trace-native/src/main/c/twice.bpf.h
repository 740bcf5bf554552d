/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Two programs for what must not be missed.
 *
 * The kernel leaves a program out while the same program is under way on that processor (__bpf_trace_run(),
 * kernel/trace/bpf_trace.c). Up to Linux 6 that takes a softirq that interrupts it, and one program is attached: a second
 * one would cost each connection 3 %. Since Linux 7 a task can be preempted in a tracepoint's program, and both are: where
 * one is left out the other is not, unless both are under way there. Each finds out whether the other has done the work, and
 * forbids preemption meanwhile; a task that is to be preempted is so when it allows that again, still in the program. Should
 * both be left out, then a fork is seen when the new task wakes up, an exec by three more programs, an end when the process is
 * freed (process.bpf.h) or the socket is looked at (missed.bpf.h).
 *
 * The kernel functions that forbid preemption are newer than Linux 6.1, where libbpf cannot even look for them without
 * CAP_SYS_ADMIN: programs that call them are an object of their own, made of the same source with PREEMPTIBLE.
 */

#ifdef PREEMPTIBLE
extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;
#define WHOLE(call) (bpf_preempt_disable(), call, bpf_preempt_enable(), 0)
#else
#define WHOLE(call) (call, 0)
#endif

#define ONCE(tracepoint, name, call, parameters...)               \
	SEC("tp_btf/" #tracepoint) int BPF_PROG(name, parameters) \
	{                                                         \
		return WHOLE(call);                               \
	}

#define TWICE(tracepoint, name, call, parameters...) \
	ONCE(tracepoint, name, call, parameters)     \
	ONCE(tracepoint, name##_again, call, parameters)
