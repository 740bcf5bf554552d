/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Whose a socket is, from its connect(), listen() or accept on until it closes, by the address of the socket.
 *
 * Owners are kept in slots: storage of the socket's own, made and freed for each connection, would cost more than all
 * records of the connection together. A socket that finds no slot in its set has storage; the kernel copies that of a
 * listener to each socket that it accepts.
 */

struct owner {
	__u64 session;
	__u64 process;
	__u64 connection;	/* 0 = a listener, or not open */
	__u64 start;
	__u64 established;
	__u64 closing;
	__u32 pid;
	__u32 host_pid;
	__u32 netns;
	__u32 flags;		/* ST_SERVER, ST_LOSSY, ST_ABORTED */
	__u32 soft_error;	/* what the network reported before the handshake was done; 0 = nothing */
	int state;		/* the TCP state that it has changed to last, of those that count */
	int oldstate;		/* the one before that */
	enum st_type type;	/* of the record that this makes; 0 = none */
	__u64 time;		/* when it happened */
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct owner);
} owners SEC(".maps");

/* Whether a socket has ever had storage: as long as none has, none is asked for it. */
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

/* Its own address, which tag_thread() sets. */
__u64 origin;

/*
 * The address of a socket as a number. The verifier lets nobody calculate with a pointer but for the difference of two, and
 * to have the pointer copied by bpf_probe_read_kernel() would cost more than all that an untraced socket costs.
 */
static __always_inline __u64 address_of(const struct sock *sk)
{
	__u64 address = (__u64)sk;

	asm("%0 -= %1" : "+r"(address) : "r"(&origin));
	return address + origin;
}

/* Fibonacci hashing: sockets lie in slabs, at multiples of their size. */
static __always_inline struct slot_set *slot_set_of(__u64 socket)
{
	__u32 set = (socket * 0x9e3779b97f4a7c15) >> (64 - SLOT_SET_BITS);

	return bpf_map_lookup_elem(&slots, &set);
}

/*
 * Which slot of its set a socket has; -1 = none. A global function: the verifier takes what it returns for any number, and
 * looks at what follows once instead of once for each slot.
 */
__noinline int way_of(__u64 socket)
{
	struct slot_set *set = slot_set_of(socket);

	for (int i = 0; set && i < SLOT_WAYS; i++)
		if (set->sockets[i] == socket)
			return i;
	return -1;
}

/* The set of a socket; null if way is none of its slots. */
static __always_inline struct slot_set *set_with(__u32 way, __u64 socket)
{
	return way < SLOT_WAYS ? slot_set_of(socket) : 0;
}

/* The owner of a traced socket, else null. */
static __always_inline struct owner *owner_of(const struct sock *sk)
{
	__u64 socket = address_of(sk);
	__u32 way = way_of(socket);
	struct slot_set *set = set_with(way, socket);

	if (set)
		return &set->owners[way];
	return stored ? bpf_sk_storage_get(&owners, (void *)sk, 0, 0) : 0;
}

/* Whether a socket, which may close meanwhile, has a slot; what is in there. */
static __always_inline bool copy_slot(struct owner *copy, __u64 socket)
{
	__u32 way = way_of(socket);
	struct slot_set *set = set_with(way, socket);

	if (!set)
		return false;
	*copy = set->owners[way];
	return __sync_val_compare_and_swap(&set->sockets[way], socket, socket) == socket;
}

/* Which slot of its set a socket has got; -1 = none was free. */
__noinline int claim_way(__u64 socket)
{
	struct slot_set *set = slot_set_of(socket);

	for (int i = 0; set && i < SLOT_WAYS; i++)
		if (!__sync_val_compare_and_swap(&set->sockets[i], 0, socket))
			return i;
	return -1;
}

/* A place for the owner of a socket that has none; null if there is no memory. */
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

/* Gives the slot of a socket back. */
static __always_inline void give_back(const struct sock *sk)
{
	__u64 socket = address_of(sk);
	__u32 way = way_of(socket);
	struct slot_set *set = set_with(way, socket);

	if (set)
		__sync_lock_test_and_set(&set->sockets[way], 0);
}

/*
 * Makes the slot of a new socket free. If there is a connection in it, that was another socket's which no program saw
 * closing (missed.bpf.h) and whose memory this one has now: the record of its end is lost.
 */
static __always_inline void begin_anew(const struct sock *sk)
{
	struct owner before;
	struct st_session *session;

	if (!copy_slot(&before, address_of(sk)))
		return;
	give_back(sk);
	session = session_of(before.session);
	if (session && before.connection) {
		next_sequence(session);
		count_lost(session, ST_CONNECTION_END);
		__sync_fetch_and_add(&session->connections, -1);
	}
}

/*
 * The address of the listener of a socket that changes from LISTEN to SYN_RECV. The socket is a copy of its listener then
 * (inet_csk_clone_lock()): the head of its empty list still points to where the listener's own is, for
 * tcp_create_openreq_child() initializes it afterwards.
 */
static __always_inline __u64 listener_of(const struct sock *sk)
{
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock((void *)sk);
	__u64 head = 0;

	if (!tcp || bpf_probe_read_kernel(&head, sizeof(head), &tcp->tsorted_sent_queue))
		return 0;
	return head - bpf_core_field_offset(struct tcp_sock, tsorted_sent_queue);
}
