/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The DNS answers that traced tasks read, in the context of the task. Attached only while a session wants them.
 *
 * Since Linux 6.3 a tracepoint fires when a task has read from a socket (sock_recvmsg_nosec() in net/socket.c). The
 * arguments of the task's system call tell where the bytes are. packets.bpf.h is for earlier kernels.
 */
#ifndef SCHEDTRACE_DNS_BPF_H
#define SCHEDTRACE_DNS_BPF_H

#include "kernel.h"
#include "record.h"
#include "sessions.bpf.h"
#include "tags.bpf.h"
#include "tracepoints.bpf.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define DNS_PORT 53
#define DNS_LEAST_LEN 17	/* a header, and a question about the root; RFC 1035 4.1 */
#define MSG_PEEK 2
#define MSG_TRUNC 0x20
#define MESSAGES 4		/* in one read from TCP; resolvers ask for A and AAAA at once */

/* A DNS message, in the memory of the task or, in a packet, of the kernel. */
struct message {
	void *at;
	__u64 len;
	bool in_packet;
};

/* Whether these bytes are the beginning of an answer to one question: QR is set, OPCODE is 0, QDCOUNT is 1. */
static __always_inline bool begins_answer(const __u8 *bytes)
{
	return (bytes[2] & 0xf8) == 0x80 && bytes[4] == 0 && bytes[5] == 1;
}

static __always_inline long read_message(void *to, __u32 len, struct message *message)
{
	return message->in_packet ? bpf_probe_read_kernel(to, len, message->at)
				  : bpf_probe_read_user(to, len, message->at);
}

/* Writes at most room bytes of the message; room is a compile-time constant. */
static __always_inline void emit_dns(struct st_session *session, struct tag *tag, struct task_struct *task,
				     struct message *message, __u32 room)
{
	struct st_dns_answer *record = bpf_ringbuf_reserve(&ring, sizeof(*record) + room, 0);
	__u64 n = message->len;

	if (!record) {
		next_sequence(session);
		count_lost(session, ST_DNS_ANSWER);
		return;
	}
	fill_header(&record->header, 0, ST_DNS_ANSWER, tag->session, next_sequence(session), bpf_ktime_get_ns());
	record->header.process = tag->process;
	record->header.host_pid = task->tgid;
	record->header.pid = tag->pid;
	if (n > room) {
		n = room;
		record->header.flags = ST_TRUNCATED;
	}
	if (read_message(record->data, n, message))
		n = 0;
	record->data_len = n;
	record->unused = 0;
	record->header.size = sizeof(*record) + n;
	submit(record, false);
}

static __noinline int emit_answer(struct st_session *session, struct tag *tag, struct task_struct *task,
				  struct message *message)
{
	if (message->len <= ST_DNS_SHORT_LEN)
		emit_dns(session, tag, task, message, ST_DNS_SHORT_LEN);
	else if (message->len <= ST_DNS_MEDIUM_LEN)
		emit_dns(session, tag, task, message, ST_DNS_MEDIUM_LEN);
	else
		emit_dns(session, tag, task, message, ST_DNS_LONG_LEN);
	return 0;
}

static __always_inline bool is_stream(struct sock *sk)
{
	return sk->sk_protocol == IPPROTO_TCP || sk->sk_protocol == IPPROTO_MPTCP;
}

/*
 * Whether the peer may be a resolver. The peer of a socket that is not connected is not known here; the format of the
 * message decides then.
 */
static __always_inline bool may_have_resolver(struct sock *sk)
{
	__u16 family = sk->__sk_common.skc_family;
	__be16 port = sk->__sk_common.skc_dport;

	if (family != AF_INET && family != AF_INET6)
		return false;
	if (sk->sk_protocol == IPPROTO_UDP)
		return !port || port == bpf_htons(DNS_PORT);
	return is_stream(sk) && port == bpf_htons(DNS_PORT);
}

/* struct iovec and the beginning of struct msghdr, which are the same on all 64-bit systems, see recvmsg(2). */
struct user_buffer {
	void *at;
	__u64 len;
};

struct user_message {
	void *name;
	__u64 name_len;
	struct user_buffer *buffers;
	__u64 count;
};

static __always_inline bool found_at(struct message *found, void *at, __u64 len, __u64 got)
{
	found->at = at;
	found->len = len < got ? len : got;
	return found->len >= DNS_LEAST_LEN;
}

/*
 * Finds the bytes that a system call has read: in its first buffer or, if that is too small for more than the length
 * that precedes a message over TCP, in the second. Of recvmmsg(2) it finds the first message. Returns false for other
 * calls.
 */
static __always_inline bool find_message(struct message *found, struct task_struct *task, __u64 got)
{
	struct pt_regs___call *regs = (void *)bpf_task_pt_regs(task);
	void *second = (void *)CALL_PARAMETER_2(regs);
	struct user_message message = { .buffers = second, .count = CALL_PARAMETER_3(regs) };
	struct user_buffer buffers[2] = {};

	switch (CALL_NUMBER(regs)) {
	case CALL_READ:
	case CALL_RECVFROM:
		return found_at(found, second, CALL_PARAMETER_3(regs), got);
	case CALL_RECVMSG:
	case CALL_RECVMMSG:
		if (bpf_probe_read_user(&message, sizeof(message), second))
			return false;
		break;
	case CALL_READV:
	case CALL_PREADV2:
		break;
	default:
		return false;
	}
	if (!message.count ||
	    bpf_probe_read_user(buffers, message.count > 1 ? sizeof(buffers) : sizeof(buffers[0]), message.buffers))
		return false;
	if (buffers[0].len >= DNS_LEAST_LEN)
		return found_at(found, buffers[0].at, buffers[0].len, got);
	return buffers[0].len <= got && found_at(found, buffers[1].at, buffers[1].len, got - buffers[0].len);
}

/*
 * Records the messages of a stream, each behind its length (RFC 1035 4.2.2). The first length may have been read
 * before.
 */
static __always_inline void emit_stream(struct st_session *session, struct tag *tag, struct task_struct *task,
					struct message *read)
{
	struct message message = { .at = read->at };
	void *end = read->at + read->len;
	__u8 start[DNS_LEAST_LEN];
	__u64 prefixed;
	bool framed;

	for (int i = 0; i < MESSAGES; i++) {
		if (end - message.at < DNS_LEAST_LEN || bpf_probe_read_user(start, sizeof(start), message.at))
			return;
		framed = i || !begins_answer(start);
		if (framed && !begins_answer(start + 2))
			return;
		message.at += framed ? 2 : 0;
		message.len = end - message.at;
		prefixed = start[0] << 8 | start[1];
		if (framed && message.len > prefixed)
			message.len = prefixed;
		emit_answer(session, tag, task, &message);
		message.at += message.len;
	}
}

/*
 * Unconnected sockets whose last reads were no answers. After NON_RESOLVER_READS in a row a socket does not belong to
 * a resolver and is no longer examined. The key is the local port; a newer socket replaces an older one.
 */
#define NON_RESOLVER_READS 16
struct non_resolver {
	struct sock *sk;	/* only compared */
	__u32 port;
	__u32 reads;		/* in a row that were no answers */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct non_resolver);
} non_resolver_sockets SEC(".maps");

static __always_inline struct non_resolver *non_resolver_slot(struct sock *sk)
{
	__u32 slot = sk->__sk_common.skc_num & 1023;

	return sk->__sk_common.skc_dport ? 0 : bpf_map_lookup_elem(&non_resolver_sockets, &slot);
}

static __always_inline bool is_in(struct non_resolver *slot, struct sock *sk)
{
	return slot->sk == sk && slot->port == sk->__sk_common.skc_num;
}

static __always_inline void count_read(struct non_resolver *slot, struct sock *sk, bool answer)
{
	if (!is_in(slot, sk)) {
		slot->reads = 0;
		slot->sk = sk;
		slot->port = sk->__sk_common.skc_num;
	}
	slot->reads = answer ? 0 : slot->reads + 1;
}

static __always_inline void received(struct sock *sk, int got, int flags)
{
	struct task_struct *task;
	struct st_session *session;
	struct message message = {};
	struct non_resolver *slot;
	struct tag *tag;
	__u8 start[DNS_LEAST_LEN];
	bool answer;

	if (got < DNS_LEAST_LEN || flags & MSG_PEEK || !may_have_resolver(sk))
		return;
	task = bpf_get_current_task_btf();
	/* Cheaper than the helper, which finds the same. */
	if (!task->bpf_storage && task->tgid != jvm)
		return;
	slot = non_resolver_slot(sk);
	if (slot && is_in(slot, sk) && slot->reads >= NON_RESOLVER_READS)
		return;
	tag = tag_of(task);
	session = session_that_wants(tag, ST_WANT_DNS);
	if (!session || task->flags & PF_IO_WORKER || !find_message(&message, task, (__u32)got))
		return;
	if (is_stream(sk)) {
		if (!(flags & MSG_TRUNC))	/* nothing is read then, see tcp(7) */
			emit_stream(session, tag, task, &message);
	} else {
		answer = !bpf_probe_read_user(start, sizeof(start), message.at) && begins_answer(start);
		if (answer)
			emit_answer(session, tag, task, &message);
		if (slot)
			count_read(slot, sk, answer);
	}
}

TRACEPOINT(sock_recv_length, on_received, received(sk, got, flags), struct sock *sk, int got, int flags)

#endif
