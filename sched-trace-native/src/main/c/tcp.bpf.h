/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * TCP connections, by the transitions of their sockets alone (net/ipv4/tcp.c, tcp_set_state()).
 *
 * CLOSE -> SYN_SENT and CLOSE -> LISTEN run in the context of the process that connects or listens. Later transitions
 * may run in softirq, where the current task is anybody; sockets.bpf.h tells whose the socket is then.
 */

#include "sockets.bpf.h"

/* A member of a kernel struct: read at once where the verifier knows the pointer, else copied. */
#define MEMBER(known, pointer, member) ((known) ? (pointer)->member : BPF_CORE_READ(pointer, member))

/*
 * The local port is that of the last use: tcp_set_state() gives skc_num back before it reports CLOSE. Of a client that
 * has just begun inet_sport may still be the port that its socket had for the connection before.
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

/* Whether tcp_close_state() has put the FIN behind what is written; it is sent when all of that has been. */
static __always_inline bool has_fin(int state)
{
	return state == TCP_FIN_WAIT1 || state == TCP_FIN_WAIT2 || state == TCP_CLOSING || state == TCP_LAST_ACK;
}

/*
 * What was sent is what the peer has acknowledged and what is under way, with the SYN of who connects and the FIN as a
 * byte each (tcp_snd_una_update()). The kernel's own bytes_sent counts a segment again that the local host dropped.
 * bytes_received counts the peer's FIN as a byte (tcp_rcv_nxt_update()), and tcp_fin() sets SOCK_DONE when it has come.
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

/*
 * Why an attempt that left no error has failed. The program has heard of it already, or inet_hash_connect() found no free port,
 * the only end without a SYN but for a want of memory, or the process that holds the socket would not wait longer: 0. Else the
 * program has taken sk_err away (getsockopt(2), SO_ERROR), which a RST had left or, where nothing has come, a timer.
 */
static __always_inline __u32 error_of_attempt(struct owner *owner, const struct sock *sk, struct tcp_sock *tcp, bool known)
{
	if (owner->soft_error)
		return owner->soft_error;
	if (!MEMBER(known, tcp, segs_out))
		return EADDRNOTAVAIL;
	if (known && sk->sk_lock.owned)
		return 0;
	return MEMBER(known, tcp, segs_in) ? ECONNREFUSED : ETIMEDOUT;
}

/*
 * Why a connection without an error has closed unseen. What a process does is seen, so it was a RST, of which the program has
 * heard already, unless both sides have sent FIN: then SOCK_DONE is set, or SOCK_DEAD, as is_abort() has it. That a timer has
 * ended it is told as a RST.
 */
static __always_inline __u32 error_of_missed(struct owner *owner, const struct sock *sk)
{
	unsigned long flags = BPF_CORE_READ(sk, __sk_common.skc_flags);

	if (owner->oldstate == TCP_ESTABLISHED)
		return flags & (1UL << SOCK_DONE_BIT) ? EPIPE : ECONNRESET;
	return flags & (1UL << SOCK_DONE_BIT | 1UL << SOCK_DEAD_BIT) ? 0 : ECONNRESET;
}

/*
 * Makes the record of what has happened to a connection. A socket that is not known is one that nothing keeps in place any
 * more (missed.bpf.h).
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
	fill_header(&record->header, sizeof(*record), type, owner->session, sequence, owner->time);
	record->header.flags = owner->flags;
	record->header.process = owner->process;
	record->header.host_pid = owner->host_pid;
	record->header.pid = owner->pid;
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

/* connect() or listen() of the current task; whose the socket was before counts no more. Null if it is nobody's. */
static __always_inline struct owner *begin(const struct sock *sk)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tag *tag = tag_of(task);
	struct st_session *session;
	struct owner *owner;

	begin_anew(sk);
	session = tag ? session_of(tag->session) : 0;
	if (!session) {
		if (stored)
			bpf_sk_storage_delete(&owners, (void *)sk);
		return 0;
	}
	owner = make_owner(sk);
	if (!owner) {
		__sync_fetch_and_add(&session->untracked, 1);
		return 0;
	}
	owner->session = tag->session;
	owner->process = tag->process;
	owner->pid = tag->process ? tag->pid : innermost_pid(BPF_CORE_READ(task, group_leader, thread_pid));
	owner->netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	owner->host_pid = task->tgid;
	owner->established = 0;
	owner->closing = 0;
	owner->flags = 0;
	owner->soft_error = 0;
	owner->connection = 0;
	return owner;
}

/*
 * The kernel has made a socket for a connection to a listener. If the listener closes meanwhile so does the new socket,
 * before anybody sees it.
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
	owner = make_owner(sk);
	if (owner) {
		*owner = listener;
		owner->state = TCP_SYN_RECV;
	} else {
		__sync_fetch_and_add(&session->untracked, 1);
	}
}

/*
 * The process that closes the server's end of a connection is the one that served it, not the one that listened. A global
 * function, as in sockets.bpf.h: each time that the verifier comes to group_leader it searches the kernel's BTF from end to end.
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
 * Whether the local side sends RST, in the context of the process (tcp_disconnect(), __tcp_close()). Every other way to CLOSE
 * sets an error, has seen the peer's FIN (SOCK_DONE), or goes on as a timewait socket, of which nobody has a descriptor
 * (SOCK_DEAD).
 */
static __always_inline bool is_abort(int oldstate, const struct sock *sk)
{
	if (sk->sk_err)
		return false;
	if (oldstate == TCP_FIN_WAIT1 || oldstate == TCP_FIN_WAIT2)
		return !(sk->__sk_common.skc_flags & (1UL << SOCK_DONE_BIT | 1UL << SOCK_DEAD_BIT));
	return oldstate == TCP_ESTABLISHED || oldstate == TCP_CLOSE_WAIT;
}

/* What the transition of a socket means for its connection. */
static __always_inline enum st_type note(struct st_session *session, struct owner *owner, const struct sock *sk)
{
	int oldstate = owner->oldstate, state = owner->state;

	if (state == TCP_SYN_SENT)
		return opened(session, owner, 0);
	if (state == TCP_ESTABLISHED) {
		owner->established = owner->time;
		return owner->connection ? ST_CONNECTION_ESTABLISHED : opened(session, owner, ST_SERVER);
	}
	if (state == TCP_FIN_WAIT1 && oldstate == TCP_SYN_RECV && !owner->connection) {
		/* Accepted by TCP Fast Open, and closed before the handshake is done: nothing told of it until now. */
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
	if (owner->closing || state == TCP_LISTEN)
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
	session = session_of(owner->session);
	if (session) {
		owner->type = note(session, owner, sk);
		if (owner->type)
			emit_connection(session, owner, sk, true);
	}
	if (newstate == TCP_CLOSE) {
		owner->connection = 0;
		give_back(sk);
	}
}

TWICE(inet_sock_set_state, on_tcp_state, changed(sk, oldstate, newstate), const struct sock *sk, int oldstate, int newstate)

/*
 * An ICMP error that arrives during connect() becomes no sk_err but a soft error (tcp_v4_err()), which
 * getsockopt(SO_ERROR) tells and takes away; at this moment it is the last of the error queue (ip_icmp_error()).
 * Since Linux 5.14; see open_programs().
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
