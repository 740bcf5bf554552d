/* SPDX-License-Identifier: Apache-2.0 */
#include "tracer_client.h"
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "descriptors.h"
#include "fingerprint.h"
#include "start_program.h"

#define RETRY_NANOS 1000000	/* a signal may reach the tracer a moment before it waits */
#define START_MILLIS 5000

/* Starts the program of a file, whose process ends at once and leaves the tracer behind. Returns 0 or an errno. */
static int spawn(const char *file, const int fds[PT_FDS])
{
	pid_t pid = start_program(file, "sched-trace-ptracer", fds, PT_FDS);
	int status;

	if (pid < 0)
		return -pid;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return 0;
}

/* Starts the program that these bytes are. */
static int spawn_bytes(const void *program, size_t length, const int fds[PT_FDS])
{
	int error, fd = put_in_memory("sched-trace-ptracer", program, length);
	char path[64];

	if (fd < 0)
		return -fd;
	if (!move_up(&fd, PT_FDS))
		return errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	error = spawn(path, fds);
	close(fd);
	return error;
}

static void wait_on(__u32 *word, __u32 value, long nanos)
{
	struct timespec timeout = { .tv_nsec = nanos };

	syscall(SYS_futex, word, FUTEX_WAIT, value, &timeout, NULL, 0);
}

/* Waits until the tracer has started, and allows it to trace this process. Returns null, or what has failed. */
static const char *greet(struct tracer *tracer)
{
	struct pt_shared *shared = tracer->memory.shared;
	struct pollfd socket = { .fd = tracer->socket };

	for (int i = 0; i < START_MILLIS && !__atomic_load_n(&shared->tracer, __ATOMIC_ACQUIRE); i++) {
		wait_on(&shared->tracer, 0, RETRY_NANOS);
		if (poll(&socket, 1, 0) > 0 && !shared->tracer) {
			errno = ECHILD;
			return "the tracer has ended at once";
		}
	}
	errno = ETIMEDOUT;
	if (!shared->tracer)
		return "the tracer does not start";
	tracer->pidfd = (int)syscall(SYS_pidfd_open, shared->tracer, 0);
	if (tracer->pidfd < 0)
		return "pidfd_open";
	prctl(PR_SET_PTRACER, shared->guardian, 0, 0, 0);	/* for Yama; EINVAL where there is none */
	errno = -ask_tracer(tracer, ST_TAG_TEST, 0, 0);
	return errno ? "ptrace" : NULL;
}

/* Makes what both sides share. Returns null, or what has failed. */
static const char *make_shared(struct tracer *tracer, int fds[PT_FDS], size_t ring_bytes)
{
	int pair[2];

	fds[PT_MEMORY] = create_memory("sched-trace-ring", MFD_CLOEXEC);
	tracer->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!move_up(&fds[PT_MEMORY], PT_FDS) || !move_up(&tracer->event, PT_FDS) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return "cannot open descriptors";
	tracer->socket = pair[0];
	fds[PT_SOCKET] = pair[1];
	fds[PT_EVENT] = tracer->event;
	if (!move_up(&tracer->socket, PT_FDS) || !move_up(&fds[PT_SOCKET], PT_FDS))
		return "cannot open descriptors";
	if (ftruncate(fds[PT_MEMORY], (off_t)pt_memory_size(ring_bytes)) ||
	    pt_map_memory(&tracer->memory, fds[PT_MEMORY], ring_bytes))
		return "cannot make the memory of the ring";
	tracer->memory.shared->build = ST_BUILD_FINGERPRINT;
	tracer->memory.shared->jvm = (__u32)getpid();
	return NULL;
}

static const char *start(struct tracer *tracer, const char *file, const void *program, size_t length,
			 size_t ring_bytes)
{
	int fds[PT_FDS];
	const char *failed;
	int saved;

	memset(fds, -1, sizeof(fds));
	failed = make_shared(tracer, fds, ring_bytes);
	if (!failed) {
		errno = file ? spawn(file, fds) : spawn_bytes(program, length, fds);
		failed = errno ? "cannot execute the tracer" : NULL;
	}
	saved = errno;
	if (fds[PT_SOCKET] >= 0)
		close(fds[PT_SOCKET]);
	if (fds[PT_MEMORY] >= 0)
		close(fds[PT_MEMORY]);
	errno = saved;
	return failed ? failed : greet(tracer);
}

struct tracer *start_tracer(const char *file, const void *program, size_t length, size_t ring_bytes,
			    const char **failed)
{
	struct tracer *tracer = calloc(1, sizeof(*tracer));
	int saved;

	*failed = "cannot start the tracer";
	if (!tracer)
		return NULL;
	tracer->socket = tracer->event = tracer->pidfd = -1;
	pthread_mutex_init(&tracer->lock, NULL);
	*failed = start(tracer, file, program, length, ring_bytes);
	if (!*failed)
		return tracer;
	saved = errno;
	end_tracer(tracer);
	errno = saved;
	return NULL;
}

void end_tracer(struct tracer *tracer)
{
	int fds[] = { tracer->socket, tracer->event, tracer->pidfd };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	pt_unmap_memory(&tracer->memory);
	pthread_mutex_destroy(&tracer->lock);
	free(tracer);
}

bool is_tracing(const struct tracer *tracer)
{
	struct pollfd end = { .fd = tracer->pidfd, .events = POLLIN };

	return poll(&end, 1, 0) <= 0;
}

int ask_tracer(struct tracer *tracer, __u32 kind, __u64 session, __u64 span)
{
	struct pt_shared *shared = tracer->memory.shared;
	__u32 number, reply;
	int result = 0;

	pthread_mutex_lock(&tracer->lock);
	shared->kind = kind;
	shared->thread = (__u32)syscall(SYS_gettid);
	shared->session = session;
	shared->span = span;
	number = shared->request + 1;
	__atomic_store_n(&shared->request, number, __ATOMIC_RELEASE);
	while ((reply = __atomic_load_n(&shared->reply, __ATOMIC_ACQUIRE)) != number) {
		if (syscall(SYS_pidfd_send_signal, tracer->pidfd, PT_SIGNAL, NULL, 0) && errno == ESRCH) {
			result = -ESRCH;
			break;
		}
		wait_on(&shared->reply, reply, RETRY_NANOS);
	}
	if (!result)
		result = shared->result;
	pthread_mutex_unlock(&tracer->lock);
	return result;
}

long list_traced(const struct tracer *tracer, __u64 session, __s64 **pids)
{
	const struct pt_shared *shared = tracer->memory.shared;
	__u32 used = __atomic_load_n(&shared->members_used, __ATOMIC_ACQUIRE);
	long n = 0;

	*pids = malloc(sizeof(**pids) * (used + 1));
	if (!*pids)
		return -1;
	for (__u32 i = 0; i < used; i++)
		if (__atomic_load_n(&shared->members[i].session, __ATOMIC_ACQUIRE) == session)
			(*pids)[n++] = shared->members[i].pid;
	return n;
}

static void abandon(struct st_session *session, __u64 *open, enum st_type end)
{
	__atomic_add_fetch(&session->made, *open, __ATOMIC_RELAXED);
	__atomic_add_fetch(&session->lost[end], *open, __ATOMIC_RELAXED);
	__atomic_store_n(open, 0, __ATOMIC_RELEASE);
}

void abandon_sessions(struct tracer *tracer)
{
	if (tracer->abandoned)
		return;
	tracer->abandoned = true;
	for (int i = 0; i < ST_LIMIT_SESSIONS; i++) {
		struct st_session *session = &tracer->memory.sessions[i];

		if ((__s64)session->id <= 0)
			continue;
		abandon(session, &session->processes, ST_PROCESS_END);
		abandon(session, &session->connections, ST_CONNECTION_END);
		abandon(session, &session->listeners, ST_LISTEN_END);
	}
}
