/* SPDX-License-Identifier: Apache-2.0 */
/* TCP connections and listeners, by the cookies of their sockets, and their records. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "ptracer_sockets.h"

#define BUCKETS 4096

static struct socket_entry *buckets[BUCKETS];
static unsigned count;
unsigned pending_handshakes;

void set_pending(struct socket_entry *entry, bool pending)
{
	pending_handshakes += (unsigned)pending - (unsigned)entry->pending;
	entry->pending = pending;
}

static struct socket_entry **bucket_of(__u64 cookie)
{
	return &buckets[cookie & (BUCKETS - 1)];
}

struct socket_entry *find_socket(__u64 cookie)
{
	struct socket_entry *entry = *bucket_of(cookie);

	while (entry && entry->cookie != cookie)
		entry = entry->next;
	return entry;
}

void drop_socket(struct socket_entry *entry)
{
	struct socket_entry **at = bucket_of(entry->cookie);

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
	set_pending(entry, false);
	count--;
	free(entry);
}

void for_each_socket(void (*call)(struct socket_entry *))
{
	for (int i = 0; count && i < BUCKETS; i++)
		for (struct socket_entry *entry = buckets[i], *next; entry; entry = next) {
			next = entry->next;
			call(entry);
		}
}

static ino_t network_of(pid_t pid)
{
	char path[64];
	struct stat file;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	return stat(path, &file) ? 0 : file.st_ino;
}

struct socket_entry *add_socket(const struct process *process, __u64 cookie)
{
	struct socket_entry *entry = calloc(1, sizeof(*entry));

	if (!entry)
		return NULL;
	entry->cookie = cookie;
	entry->owner = *process;
	entry->owner.flags &= ST_LAUNCHED;
	entry->network = network_of(process->tgid);
	entry->next = *bucket_of(cookie);
	*bucket_of(cookie) = entry;
	count++;
	return entry;
}

/* Begins a record about a socket. Returns null if there is no room, which is counted. */
static void *begin_record(struct st_session *session, struct socket_entry *entry, enum st_type type, size_t size)
{
	bool first = type == ST_CONNECTION_OPEN || type == ST_LISTEN_START;
	__u64 sequence = first ? entry->number : next_sequence(session);
	struct st_header *record = reserve(size);

	if (!record) {
		count_lost(session, type);
		entry->owner.lossy = true;
		return NULL;
	}
	memset(record, 0, size);
	fill_header(record, size, type, &entry->owner, sequence);
	if (entry->owner.lossy)
		record->flags |= ST_LOSSY;
	return record;
}

static void record_connection(struct st_session *session, struct socket_entry *entry, enum st_type type,
			      const struct traffic *traffic, bool last)
{
	struct st_connection *record = begin_record(session, entry, type, sizeof(*record));

	if (!record)
		return;
	record->connection = entry->number;
	record->start = entry->start;
	record->established = entry->established;
	record->error = entry->error;
	record->netns = (__u32)entry->network;
	record->family = entry->family;
	record->device = entry->device;
	record->state = entry->established ? TCP_ESTABLISHED : TCP_SYN_SENT;
	record->local_port = entry->local_port;
	record->peer_port = entry->peer_port;
	memcpy(record->local, entry->local, ST_ADDRESS_LEN);
	memcpy(record->peer, entry->peer, ST_ADDRESS_LEN);
	if (traffic && !traffic->known)
		record->header.flags |= ST_UNCOUNTED;
	if (traffic) {
		record->bytes_sent = traffic->sent;
		record->bytes_received = traffic->received;
		record->rtt = traffic->rtt;
		record->retransmits = traffic->retransmits;
	}
	submit(record, last);
}

static void record_listener(struct st_session *session, struct socket_entry *entry, enum st_type type, bool urgent)
{
	struct st_listener *record = begin_record(session, entry, type, sizeof(*record));

	if (!record)
		return;
	record->listener = entry->number;
	record->start = entry->start;
	record->device = entry->device;
	record->port = entry->local_port;
	memcpy(record->address, entry->local, ST_ADDRESS_LEN);
	submit(record, urgent);
}

void open_connection(struct socket_entry *entry, __u64 start, enum st_flag flags)
{
	struct st_session *session = session_of(entry->owner.session);

	if (!session)
		return;
	entry->start = start;
	entry->owner.flags |= (__u16)flags;
	entry->number = next_sequence(session);
	__atomic_add_fetch(&session->connections, 1, __ATOMIC_RELAXED);
	record_connection(session, entry, ST_CONNECTION_OPEN, NULL, false);
}

void open_listener(struct socket_entry *entry)
{
	struct st_session *session = session_of(entry->owner.session);

	if (!session)
		return;
	entry->listener = true;
	entry->number = next_sequence(session);
	entry->start = now();
	__atomic_add_fetch(&session->listeners, 1, __ATOMIC_RELAXED);
	record_listener(session, entry, ST_LISTEN_START, true);
}

void establish(struct socket_entry *entry, __u64 time)
{
	struct st_session *session = session_of(entry->owner.session);

	entry->established = time;
	set_pending(entry, false);
	if (session)
		record_connection(session, entry, ST_CONNECTION_ESTABLISHED, NULL, false);
}

/* Counts one less, and returns whether nothing of the session is left. */
static bool is_last(struct st_session *session, __u64 *open)
{
	return !__atomic_sub_fetch(open, 1, __ATOMIC_RELAXED) && all_quiet(session);
}

void record_end(struct socket_entry *entry, const struct traffic *traffic)
{
	struct st_session *session = session_of(entry->owner.session);

	if (session)
		record_connection(session, entry, ST_CONNECTION_END, traffic, is_last(session, &session->connections));
}

void end_connection(struct socket_entry *entry, const struct traffic *traffic)
{
	record_end(entry, traffic);
	drop_socket(entry);
}

void end_listener(struct socket_entry *entry)
{
	struct st_session *session = session_of(entry->owner.session);

	if (session)
		record_listener(session, entry, ST_LISTEN_END, is_last(session, &session->listeners));
	drop_socket(entry);
}

/* Counts the end of a socket as lost: it has closed, and nothing more is known. */
void lose_end(struct socket_entry *entry)
{
	struct st_session *session = session_of(entry->owner.session);

	if (session) {
		next_sequence(session);
		count_lost(session, entry->listener ? ST_LISTEN_END : ST_CONNECTION_END);
		is_last(session, entry->listener ? &session->listeners : &session->connections);
	}
	drop_socket(entry);
}

/* When a handshake was complete of which only the outcome is known: one round trip after the start. */
__u64 time_of_handshake(const struct socket_entry *entry, __u32 rtt)
{
	__u64 time = entry->start + rtt * 1000ULL, latest = now();

	return time < latest ? time : latest;
}

static const struct process *leaver;

static void lose_unwatched(struct socket_entry *entry)
{
	static ino_t own_network;

	if (!own_network)
		own_network = network_of(getpid());
	if (entry->owner.number == leaver->number && entry->owner.session == leaver->session &&
	    entry->network != own_network && !entry->ended)
		lose_end(entry);
}

/* A process has ended. Of its sockets in other network namespaces the kernel does not tell the ends. */
void process_left(const struct process *process)
{
	leaver = process;
	for_each_socket(lose_unwatched);
}
