/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The sessions, and the ring that their records are written into. */
#ifndef SCHEDTRACE_SESSIONS_BPF_H
#define SCHEDTRACE_SESSIONS_BPF_H

#include "kernel.h"
#include "record.h"
#include <bpf/bpf_helpers.h>

/* The program wakes the reader at this number of unread bytes; below it the reader polls every few milliseconds. */
const volatile __u64 wakeup_bytes = 1 << 20;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, ST_LIMIT_SESSIONS);
	__type(key, __u32);
	__type(value, struct st_session);
} sessions SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} ring SEC(".maps");

/* Returns the open session with that id, which may be muted, or null. */
static __always_inline struct st_session *open_session(__u64 id)
{
	__u32 slot = id & (ST_LIMIT_SESSIONS - 1);
	struct st_session *session = bpf_map_lookup_elem(&sessions, &slot);

	return session && id && session->id == id ? session : 0;
}

/* Returns the open session with that id if it is recorded, or null. */
static __always_inline struct st_session *session_of(__u64 id)
{
	return (__s64)id > 0 ? open_session(id) : 0;
}

/* Returns the next sequence number of the session. A record that is then lost has one too. */
static __always_inline __u64 next_sequence(struct st_session *session)
{
	return __sync_fetch_and_add(&session->made, 1) + 1;
}

static __always_inline void fill_header(struct st_header *header, __u32 size, __u16 type, __u64 session,
					__u64 sequence, __u64 time)
{
	header->size = size;
	header->type = type;
	header->flags = 0;
	header->session = session;
	header->sequence = sequence;
	header->time = time;
}

static __always_inline void count_lost(struct st_session *session, enum st_type type)
{
	__sync_fetch_and_add(&session->lost[type], 1);
}

/* The producer position of the ring when the reader was last woken. */
__u64 woken_at;

/*
 * Submits a record. Wakes the reader if the record is urgent or the ring fills up; a wake-up for each record would
 * cost more than the record. A reader that has been woken may have to wait for a processor, so it is not woken again
 * until wakeup_bytes more have been written.
 */
static __always_inline void submit(void *record, bool urgent)
{
	__u64 flags = urgent ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;
	__u64 position;

	if (bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) > wakeup_bytes) {
		position = bpf_ringbuf_query(&ring, BPF_RB_PROD_POS);
		if (position - woken_at > wakeup_bytes) {
			woken_at = position;
			flags = BPF_RB_FORCE_WAKEUP;
		}
	}
	bpf_ringbuf_submit(record, flags);
}

/* Whether no process, no connection and no listener of the session is left. */
static __always_inline bool all_quiet(struct st_session *session)
{
	return !session->processes && !session->connections && !session->listeners;
}

#endif
