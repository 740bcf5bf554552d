/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ends of connections and listeners that no program has seen because the kernel has skipped it (tracepoints.bpf.h).
 * Such a socket is closed while its slot still holds a connection or listener. The tracing JVM looks for them before
 * it reports one as open.
 */
#ifndef SCHEDTRACE_MISSED_BPF_H
#define SCHEDTRACE_MISSED_BPF_H

#include "control.h"
#include "kernel.h"
#include "record.h"
#include "sessions.bpf.h"
#include "sockets.bpf.h"
#include "tcp.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* A socket that connects or listens is still CLOSE for a moment after it has got its slot (inet_sk_state_store()). */
#define BEGIN_NANOS 1000000000ULL

/*
 * Whether the socket of a slot has closed. The memory of a closed socket may have become another socket. That one
 * takes over the slot when it connects or is accepted (begin_anew()), and has no peer before.
 */
static __always_inline bool has_closed(struct owner *owner, const struct sock *sk)
{
	if (BPF_CORE_READ(sk, __sk_common.skc_state) != TCP_CLOSE || !BPF_CORE_READ(sk, __sk_common.skc_dport))
		return false;
	return owner->state != TCP_SYN_SENT || bpf_ktime_get_ns() - owner->start > BEGIN_NANOS;
}

/* Whether the socket of a listener's slot no longer listens. */
static __always_inline bool has_stopped(struct owner *owner, const struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_state) != TCP_LISTEN &&
	       bpf_ktime_get_ns() - owner->start > BEGIN_NANOS;
}

/*
 * Ends the connection or listener in a slot if it belongs to that session and has closed. It is a global function for the reason
 * given in sockets.bpf.h. The time of the end is not known, so it is the time of the local close, else the current
 * time.
 */
__noinline int end_missed(__u64 id, __u32 number, __u32 way)
{
	struct slot_set *set = bpf_map_lookup_elem(&slots, &number);
	struct st_session *session = session_of(id);
	struct owner owner;
	__u64 socket;

	if (!set || !session || way >= SLOT_WAYS)
		return 0;
	socket = set->sockets[way];
	owner = set->owners[way];
	if (!socket || owner.session != id)
		return 0;
	if (owner.connection ? !has_closed(&owner, (const struct sock *)socket)
			     : !owner.listener || !has_stopped(&owner, (const struct sock *)socket))
		return 0;
	if (__sync_val_compare_and_swap(&set->sockets[way], socket, 0) != socket)
		return 0;
	owner.oldstate = owner.state;
	owner.time = owner.closing ? owner.closing : bpf_ktime_get_ns();
	if (owner.listener) {
		owner.state = TCP_CLOSE;
		return emit_listener(&owner, socket);
	}
	owner.type = ST_CONNECTION_END;
	emit_connection(session, &owner, (const struct sock *)socket, false);
	return 0;
}

static long look_at_set(struct bpf_map *map, const __u32 *number, struct slot_set *set, const __u64 *id)
{
	for (int i = 0; i < SLOT_WAYS; i++)
		if (set->sockets[i])
			end_missed(*id, *number, i);
	return 0;
}

/* Ends the connections and listeners of a session whose ends were missed. The tracing JVM runs it with BPF_PROG_TEST_RUN. */
SEC("raw_tp")
int find_missed(struct st_find_missed_args *args)
{
	__u64 session = args->session;

	bpf_for_each_map_elem(&slots, look_at_set, &session, 0);
	return 0;
}

#endif
