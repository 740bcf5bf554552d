/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Programs that do nothing, at the tracepoints of schedtrace.bpf.c: the least that any tracer there can cost. */
#define EMPTY(name, tracepoint)                                                                                        \
	__attribute__((section("tp_btf/" tracepoint), used)) int name(void *ctx)                                       \
	{                                                                                                              \
		(void)ctx;                                                                                             \
		return 0;                                                                                              \
	}

char LICENSE[] __attribute__((section("license"), used)) = "Dual BSD/GPL";

EMPTY(on_fork, "sched_process_fork")
EMPTY(on_exec, "sched_process_exec")
EMPTY(on_exit, "sched_process_exit")
EMPTY(on_tcp_state, "inet_sock_set_state")
