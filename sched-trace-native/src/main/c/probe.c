/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"
#include <bpf/bpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>
#include "daemon_link.h"
#include "record.h"
#include "tracer_client.h"
#include "uprobe.h"

#define SESSIONS_LEN (sizeof(struct st_session) * ST_LIMIT_SESSIONS)

static void *map(int fd, size_t length, int protection, off_t offset)
{
	void *at = mmap(NULL, length, protection, MAP_SHARED, fd, offset);

	return at == MAP_FAILED ? NULL : at;
}

static void unmap(void *at, size_t length)
{
	if (at)
		munmap(at, length);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void close_probe(struct probe *probe)
{
	int saved = errno;

	if (!probe)
		return;
	if (probe->tracer) {
		end_tracer(probe->tracer);
	} else {
		unmap(probe->consumer, probe->page);
		unmap(probe->producer, probe->page + 2 * probe->ring_bytes);
		unmap(probe->sessions, SESSIONS_LEN);
	}
	close_fd(&probe->epoll);
	close_fd(&probe->event);
	close_fd(&probe->daemon);
	if (probe->dns_link >= 0 || probe->getaddrinfo_return >= 0)
		watch_names(probe, 0, NULL);
	close_programs(&probe->programs);
	free(probe);
	errno = saved;
}

/*
 * Edge triggered, so that only a wake-up that the BPF program forces ends the wait. Level triggered, epoll would
 * report the ring as long as it holds any data.
 */
static int watch(struct probe *probe, int fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.fd = fd };

	return epoll_ctl(probe->epoll, EPOLL_CTL_ADD, fd, &event);
}

/* Begins to wait for wake-ups from there. Returns null, or what has failed. */
static const char *wait_for(struct probe *probe, int fd)
{
	probe->epoll = epoll_create1(EPOLL_CLOEXEC);
	probe->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (probe->epoll < 0 || probe->event < 0 || watch(probe, fd) || watch(probe, probe->event))
		return "cannot wait for the ring buffer";
	return NULL;
}

static const char *open_all(struct probe *probe)
{
	int ring = probe->programs.ring;

	probe->consumer = map(ring, probe->page, PROT_READ | PROT_WRITE, 0);
	probe->producer = map(ring, probe->page + 2 * probe->ring_bytes, PROT_READ, (off_t)probe->page);
	probe->sessions = map(probe->programs.sessions, SESSIONS_LEN, PROT_READ | PROT_WRITE, 0);
	if (!probe->consumer || !probe->producer || !probe->sessions)
		return "cannot map the ring buffer";
	return wait_for(probe, ring);
}

static struct probe *new_probe(void)
{
	struct probe *probe = calloc(1, sizeof(*probe));

	if (!probe)
		return NULL;
	memset(&probe->programs, -1, sizeof(probe->programs));	/* all are descriptors */
	probe->epoll = -1;
	probe->event = -1;
	probe->daemon = -1;
	probe->dns_link = -1;
	probe->getaddrinfo_entry = -1;
	probe->getaddrinfo_return = -1;
	return probe;
}

struct probe *open_probe(const struct programs *programs, size_t ring_bytes, const char **failed)
{
	struct programs owned = *programs;
	struct probe *probe = new_probe();

	if (!probe) {
		close_programs(&owned);
		*failed = "cannot map the ring buffer";
		return NULL;
	}
	probe->programs = owned;
	probe->page = (size_t)sysconf(_SC_PAGESIZE);
	probe->ring_bytes = ring_bytes;
	*failed = open_all(probe);
	if (*failed) {
		close_probe(probe);
		return NULL;
	}
	return probe;
}

int use_daemon(struct probe *probe, int socket)
{
	struct epoll_event event = { .events = EPOLLRDHUP, .data.fd = socket };

	probe->daemon = socket;
	return epoll_ctl(probe->epoll, EPOLL_CTL_ADD, socket, &event) ? -errno : 0;
}

struct probe *open_tracer_probe(struct tracer *tracer, const char **failed)
{
	struct probe *probe = new_probe();

	*failed = "cannot wait for the ring buffer";
	if (!probe) {
		end_tracer(tracer);
		return NULL;
	}
	probe->tracer = tracer;
	probe->page = tracer->memory.page;
	probe->ring_bytes = tracer->memory.ring_bytes;
	probe->consumer = tracer->memory.consumer;
	probe->producer = tracer->memory.producer;
	probe->sessions = tracer->memory.sessions;
	*failed = wait_for(probe, tracer->event);
	if (!*failed && watch(probe, tracer->pidfd))
		*failed = "cannot wait for the tracer";
	if (*failed) {
		close_probe(probe);
		return NULL;
	}
	return probe;
}

bool is_lost(const struct probe *probe)
{
	return probe->lost || (probe->tracer && !is_tracing(probe->tracer));
}

int await_records(struct probe *probe, int timeout_millis)
{
	struct epoll_event events[3];
	uint64_t count;
	int n = epoll_wait(probe->epoll, events, 3, timeout_millis);

	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	if (probe->tracer && !is_tracing(probe->tracer))
		abandon_sessions(probe->tracer);
	for (int i = 0; i < n; i++) {
		if (events[i].data.fd == probe->event && read(probe->event, &count, sizeof(count)) < 0 && errno != EAGAIN)
			return -errno;
		if (events[i].data.fd == probe->daemon) {
			probe->lost = true;
			epoll_ctl(probe->epoll, EPOLL_CTL_DEL, probe->daemon, NULL);
		}
	}
	return n;
}

int wake_reader(struct probe *probe)
{
	uint64_t one = 1;

	return write(probe->event, &one, sizeof(one)) < 0 && errno != EAGAIN ? -errno : 0;
}

int tag_calling_thread(struct probe *probe, const struct st_tag_args *args)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = args, .ctx_size_in = sizeof(*args));

	if (probe->daemon >= 0)
		return have_daemon_tag(probe, args);
	if (probe->tracer)
		return ask_tracer(probe->tracer, args->kind, args->session, args->span);
	if (bpf_prog_test_run_opts(probe->programs.tag_thread, &options))
		return -errno;
	if (options.retval == ST_TAG_REFUSED)
		return -EPERM;
	return options.retval ? -ENOMEM : 0;
}

int find_missed_ends(struct probe *probe, __u64 session)
{
	struct st_find_missed_args args = { .session = session };
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &args, .ctx_size_in = sizeof(args));

	if (probe->programs.find_missed < 0)
		return 0;
	return bpf_prog_test_run_opts(probe->programs.find_missed, &options) ? -errno : 0;
}

int wipe_ring(struct probe *probe)
{
	LIBBPF_OPTS(bpf_test_run_opts, options);

	if (probe->daemon >= 0)
		return have_daemon_wipe(probe);
	if (probe->tracer)
		return ask_tracer(probe->tracer, PT_WIPE, 0, 0);
	return bpf_prog_test_run_opts(probe->programs.wipe_ring, &options) ? -errno : 0;
}

/* Reads the pids of a session from the file of all sessions. */
static long read_members(int file, __u64 session, __s64 **pids)
{
	struct st_member members[256];
	size_t n = 0, capacity = 0;
	ssize_t got;

	while ((got = read(file, members, sizeof(members))) != 0) {
		if (got < 0 && errno != EAGAIN && errno != EINTR)
			return -1;
		for (ssize_t i = 0; i < got / (ssize_t)sizeof(members[0]); i++) {
			if (members[i].session != session || !members[i].pid)
				continue;
			if (n == capacity) {
				__s64 *more = realloc(*pids, sizeof(**pids) * (capacity += 256));

				if (!more)
					return -1;
				*pids = more;
			}
			(*pids)[n++] = (__s64)members[i].pid;
		}
	}
	return (long)n;
}

long list_members(struct probe *probe, __u64 session, __s64 **pids)
{
	int file, saved;
	long n;

	*pids = NULL;
	if (probe->daemon >= 0)
		return have_daemon_list(probe, session, pids);
	if (probe->tracer)
		return list_traced(probe->tracer, session, pids);
	file = bpf_iter_create(probe->programs.members);
	if (file < 0)
		return -1;
	n = read_members(file, session, pids);
	saved = errno;
	close(file);
	errno = saved;
	return n;
}

const char *watch_names(struct probe *probe, __u64 settings, const char *libc)
{
	const struct programs *programs = &probe->programs;

	if (probe->daemon >= 0) {
		errno = -have_daemon_watch(probe, settings);
		return errno ? "DNS answers" : NULL;
	}
	if (probe->tracer)
		return NULL;	/* it cannot know names */
	if (!(settings & ST_WANT_DNS))
		close_fd(&probe->dns_link);
	else if (probe->dns_link < 0)
		probe->dns_link = bpf_raw_tracepoint_open(NULL, programs->dns_answers);
	if (settings & ST_WANT_DNS && probe->dns_link < 0)
		return "DNS answers";

	if (!(settings & ST_WANT_GETADDRINFO)) {
		close_fd(&probe->getaddrinfo_entry);
		close_fd(&probe->getaddrinfo_return);
		return NULL;
	}
	/* The return first: a call whose entry is seen must not miss its result. */
	if (probe->getaddrinfo_return < 0)
		probe->getaddrinfo_return = attach_uprobe(programs->getaddrinfo_return, libc, "getaddrinfo", true);
	if (probe->getaddrinfo_return >= 0 && probe->getaddrinfo_entry < 0)
		probe->getaddrinfo_entry = attach_uprobe(programs->getaddrinfo_entry, libc, "getaddrinfo", false);
	return probe->getaddrinfo_entry < 0 ? "getaddrinfo" : NULL;
}
