/* SPDX-License-Identifier: Apache-2.0 */
/* The ring and the sessions, as sessions.bpf.h has them for the BPF programs. */
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "ptracer_state.h"

#define RECORD_HEADER 8
#define WAKEUP_BYTES (1 << 20)	/* the reader polls every few milliseconds below that number of unread bytes */

struct pt_memory memory;

/* The producer's position when the reader was last woken. */
static __u64 woken_at;

__u64 now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (__u64)time.tv_sec * 1000000000 + (__u64)time.tv_nsec;
}

/* Returns the open session with that id, which may be muted, or null. */
struct st_session *open_session(__u64 id)
{
	struct st_session *session = &memory.sessions[id & (ST_LIMIT_SESSIONS - 1)];

	return id && __atomic_load_n(&session->id, __ATOMIC_ACQUIRE) == id ? session : NULL;
}

/* Returns the open session with that id if it is recorded, or null. */
struct st_session *session_of(__u64 id)
{
	return (__s64)id > 0 ? open_session(id) : NULL;
}

__u64 next_sequence(struct st_session *session)
{
	return __atomic_add_fetch(&session->made, 1, __ATOMIC_RELAXED);
}

void count_lost(struct st_session *session, enum st_type type)
{
	__atomic_add_fetch(&session->lost[type], 1, __ATOMIC_RELAXED);
}

bool all_quiet(const struct st_session *session)
{
	return !session->processes && !session->connections && !session->listeners;
}

static char *data_at(__u64 position)
{
	return (char *)memory.producer + memory.page + (position & (memory.ring_bytes - 1));
}

static __u64 padded(size_t size)
{
	return (RECORD_HEADER + size + 7) & ~7ULL;
}

/* Returns space for a record of at most that size, or null if the ring is full. It is not yet in the ring. */
void *reserve(size_t size)
{
	__u64 unread = *memory.producer - __atomic_load_n(memory.consumer, __ATOMIC_ACQUIRE);

	return unread + padded(size) > memory.ring_bytes ? NULL : data_at(*memory.producer) + RECORD_HEADER;
}

/* Puts the record into the ring. Wakes the reader if the record is urgent or the ring fills up. */
void submit(void *record, bool urgent)
{
	const struct st_header *header = record;
	__u64 start = *memory.producer, end = start + padded(header->size);
	__u64 one = 1;

	*(__u32 *)((char *)record - RECORD_HEADER) = header->size;
	__atomic_store_n(memory.producer, end, __ATOMIC_RELEASE);
	if (end - __atomic_load_n(memory.consumer, __ATOMIC_RELAXED) > WAKEUP_BYTES && end - woken_at > WAKEUP_BYTES) {
		woken_at = end;
		urgent = true;
	}
	if (urgent && write(PT_EVENT, &one, sizeof(one)) < 0)
		return;	/* the counter is full, so the reader is awake */
}

void fill_header(struct st_header *header, size_t size, enum st_type type, const struct process *process,
		 __u64 sequence)
{
	header->size = (__u32)size;
	header->type = (__u16)type;
	header->flags = process->flags;
	header->session = process->session;
	header->sequence = sequence;
	header->time = now();
	header->process = process->number;
	header->host_pid = host_pid(process->tgid);
	header->pid = process->pid;
}

/* Overwrites what has been read. */
void wipe_ring(void)
{
	__u64 unread = *memory.producer - __atomic_load_n(memory.consumer, __ATOMIC_ACQUIRE);
	__u64 at = *memory.producer, left = memory.ring_bytes - unread;

	memset(data_at(at), 0, left);	/* the data is mapped twice in a row */
}
