/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * TCP connections, from the state transitions of their sockets (net/ipv4/tcp.c, tcp_set_state()).
 *
 * CLOSE -> SYN_SENT and CLOSE -> LISTEN run in the context of the process that connects or listens. Later transitions
 * may run in softirq, where the current task is arbitrary; the owner in sockets.bpf.h identifies the process there.
 */
#ifndef SCHEDTRACE_TCP_BPF_H
#define SCHEDTRACE_TCP_BPF_H

#include "kernel.h"
#include "listen.bpf.h"
#include "record.h"
#include "sessions.bpf.h"
#include "sockets.bpf.h"
#include "tags.bpf.h"
#include "tracepoints.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Reads a member of a kernel struct: directly if the verifier knows the pointer, else by a copy. */
#define MEMBER(known, pointer, member) ((known) ? (pointer)->member : BPF_CORE_READ(pointer, member))

/*
 * The local port is inet_sport, because tcp_set_state() releases skc_num before it reports CLOSE. When a client has
 * just started, inet_sport may still be the port of the socket's previous connection, so skc_num is used there.
 */
static __always_inline void fill_addresses(struct st_connection *record, const struct sock *sk, struct tcp_sock *tcp,
					   bool known)
{
	record->family = MEMBER(known, sk, __sk_common.skc_family);
	record->local_port = bpf_ntohs(MEMBER(known, tcp, inet_conn.icsk_inet.inet_sport));
	if (record->header.type == ST_CONNECTION_OPEN && !(record->header.flags & ST_SERVER))
		record->local_port = MEMBER(known, sk, __sk_common.skc_num);
	record->peer_port = bpf_ntohs(MEMBER(known, sk, __sk_common.skc_dport));
	if (record->family == AF_INET6) {
		bpf_probe_read_kernel(record->local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_probe_read_kernel(record->peer, 16, &sk->__sk_common.skc_v6_daddr);
	} else {
		__builtin_memset(record->local, 0, 10);
		__builtin_memset(record->peer, 0, 10);
		__builtin_memset(record->local + 10, 0xff, 2);
		__builtin_memset(record->peer + 10, 0xff, 2);
		*(__be32 *)(record->local + 12) = MEMBER(known, sk, __sk_common.skc_rcv_saddr);
		*(__be32 *)(record->peer + 12) = MEMBER(known, sk, __sk_common.skc_daddr);
	}
}

/* Whether tcp_close_state() has queued the FIN behind the written data; it is sent after all of that. */
static __always_inline bool has_fin(int state)
{
	return state == TCP_FIN_WAIT1 || state == TCP_FIN_WAIT2 || state == TCP_CLOSING || state == TCP_LAST_ACK;
}

/*
 * The bytes sent are those that the peer has acknowledged and those in flight. They include the SYN of a client and
 * the FIN as a byte each (tcp_snd_una_update()). The kernel's own bytes_sent counts a segment again that the local
 * host has dropped. bytes_received counts the peer's FIN as a byte (tcp_rcv_nxt_update()), and tcp_fin() sets
 * SOCK_DONE when the FIN has arrived.
 */
static __always_inline void fill_counters(struct st_connection *record, const struct sock *sk, struct tcp_sock *tcp,
					  bool known)
{
	__u32 next = MEMBER(known, tcp, snd_nxt);
	__u64 sent = MEMBER(known, tcp, bytes_acked) + (__u32)(next - MEMBER(known, tcp, snd_una));
	__u64 received = MEMBER(known, tcp, bytes_received);

	if (sent && !(record->header.flags & ST_SERVER))
		sent--;
	if (sent && has_fin(record->state) && next == MEMBER(known, tcp, write_seq))
		sent--;
	if (received && MEMBER(known, sk, __sk_common.skc_flags) & (1UL << SOCK_DONE_BIT))
		received--;
	record->bytes_sent = sent;
	record->bytes_received = received;
	record->rtt = MEMBER(known, tcp, srtt_us) >> 3;
	record->retransmits = MEMBER(known, tcp, total_retrans);
}

/* Whether connect(2) may leave the SYN to the first write: TCP_FASTOPEN_CONNECT (tcp_fastopen_defer_connect()). */
static __always_inline bool may_defer_syn(struct tcp_sock *tcp)
{
	return BPF_CORE_READ_BITFIELD_PROBED(tcp, fastopen_connect);
}

/*
 * Returns why a connection attempt has failed whose socket has no error. Either a soft error has been reported; or no
 * SYN was sent, because inet_hash_connect() found no free port (lack of memory has the same effect), unless the SYN was
 * deferred; or the process that holds the socket has stopped waiting, which is 0. Otherwise the traced program has
 * already consumed sk_err (getsockopt(2), SO_ERROR), which was set by a RST or, if no segment has arrived, by a timer.
 */
static __always_inline __u32 error_of_attempt(struct owner *owner, const struct sock *sk, struct tcp_sock *tcp,
					      bool known)
{
	if (owner->soft_error)
		return owner->soft_error;
	if (!MEMBER(known, tcp, segs_out))
		return may_defer_syn(tcp) && MEMBER(known, tcp, inet_conn.icsk_inet.inet_sport) ? 0 : EADDRNOTAVAIL;
	if (known && sk->sk_lock.owned)
		return 0;
	return MEMBER(known, tcp, segs_in) ? ECONNREFUSED : ETIMEDOUT;
}

/*
 * Returns why a connection without an error has closed unseen. The actions of a process are seen, so the cause is a
 * RST whose error the traced program has already consumed, unless both sides have sent FIN: then SOCK_DONE or
 * SOCK_DEAD is set, see is_abort(). An end by a timer is reported as a RST too.
 */
static __always_inline __u32 error_of_missed(struct owner *owner, const struct sock *sk)
{
	unsigned long flags = BPF_CORE_READ(sk, __sk_common.skc_flags);

	if (owner->oldstate == TCP_ESTABLISHED)
		return flags & (1UL << SOCK_DONE_BIT) ? EPIPE : ECONNRESET;
	return flags & (1UL << SOCK_DONE_BIT | 1UL << SOCK_DEAD_BIT) ? 0 : ECONNRESET;
}

/*
 * Writes the record of a connection's transition. If the socket is not known to the verifier, nothing protects its
 * memory any more (missed.bpf.h).
 */
static __always_inline void emit_connection(struct st_session *session, struct owner *owner, const struct sock *sk,
					    bool known)
{
	enum st_type type = owner->type;
	bool last = false;
	__u64 sequence = type == ST_CONNECTION_OPEN ? owner->connection : next_sequence(session);
	struct tcp_sock *tcp = known ? bpf_skc_to_tcp_sock((void *)sk) : (struct tcp_sock *)sk;
	struct st_connection *record;

	record = tcp ? bpf_ringbuf_reserve(&ring, sizeof(*record), 0) : 0;
	if (type == ST_CONNECTION_END)
		last = __sync_fetch_and_add(&session->connections, -1) == 1 && all_quiet(session);
	if (!record) {
		count_lost(session, type);
		owner->flags |= ST_LOSSY;
		return;
	}
	fill_owner(&record->header, sizeof(*record), type, owner, sequence);
	record->connection = owner->connection;
	record->start = owner->start;
	record->established = owner->established;
	record->closing = owner->closing;
	record->error = MEMBER(known, sk, sk_err);
	if (type == ST_CONNECTION_END && !record->error) {
		if (owner->oldstate == TCP_SYN_SENT)
			record->error = error_of_attempt(owner, sk, tcp, known);
		else if (!known)
			record->error = error_of_missed(owner, sk);
	}
	record->netns = owner->netns;
	record->device = MEMBER(known, sk, __sk_common.skc_bound_dev_if);
	record->unused = 0;
	record->state = owner->oldstate;
	record->bytes_sent = 0;
	record->bytes_received = 0;
	record->rtt = 0;
	record->retransmits = 0;
	fill_addresses(record, sk, tcp, known);
	if (type >= ST_CONNECTION_CLOSING)
		fill_counters(record, sk, tcp, known);
	submit(record, last);
}

/*
 * The kernel has created a socket for a connection to a listener. If the listener closes meanwhile, the new socket
 * closes too, before anything else can see it.
 */
static __always_inline void on_accepted(const struct sock *sk)
{
	struct owner listener, *owner;
	struct st_session *session;

	begin_anew(sk);
	if (!copy_slot(&listener, listener_of(sk)))
		return;
	session = session_of(listener.session);
	if (!session)
		return;
	listener.state = TCP_SYN_RECV;
	listener.listener = 0;
	owner = make_owner(sk);
	if (owner) {
		*owner = listener;
	} else {
		__sync_fetch_and_add(&session->untracked, 1);
	}
}

/*
 * Changes the owner of a server's end to the process that closes it: it has served the connection, which the
 * listening process may not have. It is a global function because the verifier searches the kernel's whole BTF each
 * time that it gets to group_leader.
 */
__noinline int adopt(struct owner *owner)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tag *tag;

	if (!owner || !(owner->flags & ST_SERVER))
		return 0;
	tag = tag_of(task);
	if (tag && tag->session == owner->session && tag->process) {
		owner->process = tag->process;
		owner->pid = tag->pid;
		owner->host_pid = task->tgid;
	}
	return 0;
}

static __always_inline enum st_type opened(struct st_session *session, struct owner *owner, __u32 flags)
{
	owner->start = owner->time;
	owner->flags = flags;
	owner->connection = next_sequence(session);
	__sync_fetch_and_add(&session->connections, 1);
	return ST_CONNECTION_OPEN;
}

/*
 * Whether the local side sends RST, in the context of the process (tcp_disconnect(), __tcp_close()). Every other way
 * to CLOSE sets an error, has received the peer's FIN (SOCK_DONE), or continues as a timewait socket, which no
 * descriptor refers to (SOCK_DEAD).
 */
static __always_inline bool is_abort(int oldstate, const struct sock *sk)
{
	if (sk->sk_err)
		return false;
	if (oldstate == TCP_FIN_WAIT1 || oldstate == TCP_FIN_WAIT2)
		return !(sk->__sk_common.skc_flags & (1UL << SOCK_DONE_BIT | 1UL << SOCK_DEAD_BIT));
	return oldstate == TCP_ESTABLISHED || oldstate == TCP_CLOSE_WAIT;
}

/*
 * Moves the start of a connection to its SYN if that may have been sent later than connect(2) has returned: it was
 * sent one round trip before the handshake is complete.
 */
static __always_inline void correct_start(struct owner *owner, const struct sock *sk)
{
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock((void *)sk);
	__u64 sent;

	if (!tcp || !may_defer_syn(tcp) || !tcp->srtt_us)
		return;
	sent = owner->time - (tcp->srtt_us >> 3) * 1000ULL;
	if (sent > owner->start)
		owner->start = sent;
}

/* Updates the owner after a transition of its socket. Returns the type of the record to write; 0 = none. */
static __always_inline enum st_type note(struct st_session *session, struct owner *owner, const struct sock *sk)
{
	int oldstate = owner->oldstate, state = owner->state;

	if (state == TCP_SYN_SENT)
		return opened(session, owner, 0);
	if (state == TCP_ESTABLISHED) {
		owner->established = owner->time;
		if (!owner->connection)
			return opened(session, owner, ST_SERVER);
		correct_start(owner, sk);
		return ST_CONNECTION_ESTABLISHED;
	}
	if (state == TCP_FIN_WAIT1 && oldstate == TCP_SYN_RECV && !owner->connection) {
		/* Accepted by TCP Fast Open and closed before the handshake is complete: no earlier record exists. */
		opened(session, owner, ST_SERVER);
		owner->established = owner->time;
		owner->closing = owner->time;
		adopt(owner);
		return ST_CONNECTION_OPEN;
	}
	if (!owner->connection)
		return 0;
	if (state == TCP_CLOSE) {
		if (is_abort(oldstate, sk)) {
			adopt(owner);
			owner->flags |= ST_ABORTED;
		}
		return ST_CONNECTION_END;
	}
	if (owner->closing)
		return 0;
	adopt(owner);
	owner->closing = owner->time;
	return ST_CONNECTION_CLOSING;
}

#ifdef PREEMPTIBLE
static __always_inline bool has_changed_to(const struct sock *sk, int state)
{
	struct owner *owner = owner_of(sk);

	return owner && owner->state == state;
}
#endif

static __always_inline void changed(const struct sock *sk, int oldstate, int newstate)
{
	struct st_session *session;
	struct owner *owner;

	if (sk->sk_protocol != IPPROTO_TCP)
		return;
#ifdef PREEMPTIBLE
	if (has_changed_to(sk, newstate))
		return;
#endif
	if (oldstate == TCP_LISTEN && newstate == TCP_SYN_RECV) {
		on_accepted(sk);
		return;
	}
	if (newstate == TCP_SYN_SENT || (newstate == TCP_LISTEN && oldstate == TCP_CLOSE))
		owner = begin(sk);
	else if (newstate == TCP_ESTABLISHED || newstate == TCP_FIN_WAIT1 || newstate == TCP_LAST_ACK ||
		 newstate == TCP_CLOSE)
		owner = owner_of(sk);
	else
		return;
	if (!owner)
		return;
	owner->state = newstate;
	owner->oldstate = oldstate;
	owner->time = bpf_ktime_get_ns();
	if (newstate == TCP_LISTEN || oldstate == TCP_LISTEN) {
		emit_listener(owner, address_of(sk));
	} else {
		session = session_of(owner->session);
		if (session) {
			owner->type = note(session, owner, sk);
			if (owner->type)
				emit_connection(session, owner, sk, true);
		}
	}
	if (newstate == TCP_CLOSE) {
		owner->connection = 0;
		owner->listener = 0;
		give_back(sk);
	}
}

TRACEPOINT_BACKED_UP(inet_sock_set_state, on_tcp_state, changed(sk, oldstate, newstate), const struct sock *sk,
		     int oldstate, int newstate)

/*
 * An ICMP error that arrives during connect() does not become sk_err but a soft error (tcp_v4_err()), which
 * getsockopt(SO_ERROR) returns and clears. At this moment it is the last element of the error queue
 * (ip_icmp_error()). The tracepoint exists since Linux 5.14; see open_programs().
 */
SEC("tp_btf/inet_sk_error_report")
int BPF_PROG(on_soft_error, const struct sock *sk)
{
	struct sock_exterr_skb *report;
	struct owner *owner;

	if (sk->sk_protocol != IPPROTO_TCP || sk->__sk_common.skc_state != TCP_SYN_SENT)
		return 0;
	owner = owner_of(sk);
	if (!owner || !BPF_CORE_READ(sk, sk_error_queue.qlen))
		return 0;
	report = (void *)BPF_CORE_READ(sk, sk_error_queue.prev) + bpf_core_field_offset(struct sk_buff, cb);
	owner->soft_error = BPF_CORE_READ(report, ee.ee_errno);
	return 0;
}

#endif
