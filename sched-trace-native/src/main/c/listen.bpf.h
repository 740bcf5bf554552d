/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Listeners: sockets from listen(2) to their end. They have owners for the connections that they accept anyway
 * (sockets.bpf.h). listen(2) that fails, because another socket listens there, makes a listener that ends at once: the
 * kernel sets the state first (inet_csk_listen_start()).
 */
#ifndef SCHEDTRACE_LISTEN_BPF_H
#define SCHEDTRACE_LISTEN_BPF_H

#include "kernel.h"
#include "record.h"
#include "sessions.bpf.h"
#include "sockets.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/*
 * skc_num is 0 at the start of a listener without bind(2), where inet_sport may be the port of an earlier connection.
 * At the end it may have been released, see fill_addresses() in tcp.bpf.h.
 */
static __always_inline void fill_endpoint(struct st_listener *record, const struct sock *sk)
{
	const struct inet_sock *inet = (const struct inet_sock *)sk;

	if (record->header.type == ST_LISTEN_START)
		record->port = BPF_CORE_READ(sk, __sk_common.skc_num);
	else
		record->port = bpf_ntohs(BPF_CORE_READ(inet, inet_sport));
	record->device = BPF_CORE_READ(sk, __sk_common.skc_bound_dev_if);
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET6) {
		bpf_probe_read_kernel(record->address, 16, &sk->__sk_common.skc_v6_rcv_saddr);
	} else {
		__builtin_memset(record->address, 0, 10);
		__builtin_memset(record->address + 10, 0xff, 2);
		*(__be32 *)(record->address + 12) = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
	}
}

/*
 * Writes the record of a listener's start, or of its end if the state of the owner is not TCP_LISTEN. The start wakes
 * the reader, because somebody may wait for it. It is a global function to keep it out of the programs that the
 * verifier checks for connections.
 */
__noinline int emit_listener(struct owner *owner, __u64 socket)
{
	struct st_session *session = owner ? session_of(owner->session) : 0;
	struct st_listener *record;
	bool starts, urgent = true;
	__u64 sequence;

	if (!session)
		return 0;
	starts = owner->state == TCP_LISTEN;
	if (!starts && !owner->listener)
		return 0;
	sequence = next_sequence(session);
	if (starts) {
		owner->listener = sequence;
		owner->start = owner->time;
	}
	if (owner->process && starts)
		__sync_fetch_and_add(&session->listeners, 1);
	else if (!starts)
		urgent = owner->process && __sync_fetch_and_add(&session->listeners, -1) == 1 && all_quiet(session);
	record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
	if (!record) {
		count_lost(session, starts ? ST_LISTEN_START : ST_LISTEN_END);
		owner->flags |= ST_LOSSY;
		return 0;
	}
	fill_owner(&record->header, sizeof(*record), starts ? ST_LISTEN_START : ST_LISTEN_END, owner, sequence);
	record->listener = owner->listener;
	record->start = owner->start;
	record->unused = 0;
	fill_endpoint(record, (const struct sock *)socket);
	submit(record, urgent);
	return 0;
}

#endif
