/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The owners of sockets, by the address of the socket, from connect(), listen() or accept() until the socket closes.
 *
 * Owners are kept in slots. Socket storage, allocated and freed for each connection, would cost more than all records
 * of the connection together. A socket that finds no free slot in its set uses socket storage; the kernel copies that
 * of a listener to each socket that it accepts.
 */
#ifndef SCHEDTRACE_SOCKETS_BPF_H
#define SCHEDTRACE_SOCKETS_BPF_H

#include "kernel.h"
#include "record.h"
#include "secrets.bpf.h"
#include "sessions.bpf.h"
#include "tags.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct owner {
	__u64 session;
	__u64 process;
	__u64 connection;	/* 0 = a listener, or not open */
	__u64 listener;		/* 0 = not a listener */
	__u64 start;
	__u64 established;
	__u64 closing;
	__u32 pid;
	__u32 host_pid;
	__u32 netns;
	enum st_flag flags;	/* ST_SERVER, ST_LOSSY, ST_ABORTED */
	__u32 soft_error;	/* reported by the network before the handshake was complete; 0 = none */
	int state;		/* the last TCP state of those that matter here */
	int oldstate;		/* the one before that */
	enum st_type type;	/* of the record for this transition; 0 = none */
	__u64 time;		/* when it happened */
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct owner);
} owners SEC(".maps");

/* Whether any socket has ever had storage. Until then no lookup is needed. */
bool stored;

#define SLOT_SET_BITS 12
#define SLOT_WAYS 4

struct slot_set {
	__u64 sockets[SLOT_WAYS];	/* 0 = free */
	struct owner owners[SLOT_WAYS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1 << SLOT_SET_BITS);
	__type(key, __u32);
	__type(value, struct slot_set);
} slots SEC(".maps");

/* The address of this variable, which tag_thread() stores in it. */
__u64 own_address;

/*
 * Returns the address of a socket as a number. The verifier allows no arithmetic with pointers except the difference
 * of two. Copying the pointer with bpf_probe_read_kernel() would cost more than everything else that an untraced
 * socket costs.
 */
static __always_inline __u64 address_of(const struct sock *sk)
{
	__u64 address = (__u64)sk;

	asm("%0 -= %1" : "+r"(address) : "r"(&own_address));
	return address + own_address;
}

/* Fibonacci hashing, because sockets are in slabs, at multiples of their size. */
static __always_inline struct slot_set *slot_set_of(__u64 socket)
{
	__u32 set = (socket * 0x9e3779b97f4a7c15) >> (64 - SLOT_SET_BITS);

	return bpf_map_lookup_elem(&slots, &set);
}

/*
 * Returns the index of a socket's slot in its set; -1 = none. It is a global function, so the verifier takes the
 * result for an arbitrary number and checks the code that follows once, and not once for each slot.
 */
__noinline int way_of(__u64 socket)
{
	struct slot_set *set = slot_set_of(socket);

	for (int i = 0; set && i < SLOT_WAYS; i++)
		if (set->sockets[i] == socket)
			return i;
	return -1;
}

/* Returns the set of a socket; null if way is not an index in it. */
static __always_inline struct slot_set *set_with(__u32 way, __u64 socket)
{
	return way < SLOT_WAYS ? slot_set_of(socket) : 0;
}

/* Returns the owner of a traced socket, else null. */
static __always_inline struct owner *owner_of(const struct sock *sk)
{
	__u64 socket = address_of(sk);
	__u32 way = way_of(socket);
	struct slot_set *set = set_with(way, socket);

	if (set)
		return &set->owners[way];
	return stored ? bpf_sk_storage_get(&owners, (void *)sk, 0, 0) : 0;
}

/* Fills the header of a record about a socket. */
static __always_inline void fill_owner(struct st_header *header, __u32 size, __u16 type, struct owner *owner,
				       __u64 sequence)
{
	fill_header(header, size, type, owner->session, sequence, owner->time);
	header->flags = owner->flags;
	header->process = owner->process;
	header->host_pid = owner->host_pid;
	header->pid = owner->pid;
}

/* Copies the slot of a socket, which may close meanwhile. Returns whether it has one. */
static __always_inline bool copy_slot(struct owner *copy, __u64 socket)
{
	__u32 way = way_of(socket);
	struct slot_set *set = set_with(way, socket);

	if (!set)
		return false;
	*copy = set->owners[way];
	return __sync_val_compare_and_swap(&set->sockets[way], socket, socket) == socket;
}

/* Claims a slot for a socket. Returns its index in the set; -1 = none was free. */
__noinline int claim_way(__u64 socket)
{
	struct slot_set *set = slot_set_of(socket);

	for (int i = 0; set && i < SLOT_WAYS; i++)
		if (!__sync_val_compare_and_swap(&set->sockets[i], 0, socket))
			return i;
	return -1;
}

/* Makes space for the owner of a socket that has none. Returns null if there is no memory. */
static __always_inline struct owner *make_owner(const struct sock *sk)
{
	__u64 socket = address_of(sk);
	__u32 way = claim_way(socket);
	struct slot_set *set = set_with(way, socket);

	if (set)
		return &set->owners[way];
	stored = true;
	return bpf_sk_storage_get(&owners, (void *)sk, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

/* Frees the slot of a socket. */
static __always_inline void give_back(const struct sock *sk)
{
	__u64 socket = address_of(sk);
	__u32 way = way_of(socket);
	struct slot_set *set = set_with(way, socket);

	if (set)
		__sync_lock_test_and_set(&set->sockets[way], 0);
}

/* Counts the end record of a connection or listener as lost. */
static __always_inline void lose_end(struct st_session *session, struct owner *owner)
{
	next_sequence(session);
	count_lost(session, owner->connection ? ST_CONNECTION_END : ST_LISTEN_END);
	if (owner->connection)
		__sync_fetch_and_add(&session->connections, -1);
	else if (owner->process)
		__sync_fetch_and_add(&session->listeners, -1);
}

/*
 * Frees the slot that a new socket seems to have. A connection or listener in it is that of an earlier socket at the
 * same address, which no program has seen closing (missed.bpf.h): the record of its end is lost.
 */
static __always_inline void begin_anew(const struct sock *sk)
{
	struct owner before;
	struct st_session *session;

	if (!copy_slot(&before, address_of(sk)))
		return;
	give_back(sk);
	session = session_of(before.session);
	if (session && (before.connection || before.listener))
		lose_end(session, &before);
}

/*
 * connect() or listen() of the current task, which replaces an earlier owner. Returns null if the task is not traced.
 */
static __always_inline struct owner *begin(const struct sock *sk)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tag *tag = tag_of(task);
	struct st_session *session;
	struct owner *owner;

	begin_anew(sk);
	session = tag ? session_of(tag->session) : 0;
	if (session && is_network_withheld(BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum)))
		session = 0;
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
	owner->listener = 0;
	return owner;
}

/*
 * Returns the address of the listener of a socket that changes from LISTEN to SYN_RECV. At that moment the socket is
 * a copy of its listener (inet_csk_clone_lock()), so the head of its empty list still points to the listener's list
 * head: tcp_create_openreq_child() initializes it afterwards.
 */
static __always_inline __u64 listener_of(const struct sock *sk)
{
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock((void *)sk);
	__u64 head = 0;

	if (!tcp || bpf_probe_read_kernel(&head, sizeof(head), &tcp->tsorted_sent_queue))
		return 0;
	return head - bpf_core_field_offset(struct tcp_sock, tsorted_sent_queue);
}

#endif
