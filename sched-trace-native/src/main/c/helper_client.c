/* SPDX-License-Identifier: Apache-2.0 */
#include "helper_client.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "descriptors.h"
#include "fingerprint.h"
#include "start_program.h"

#define RETRY_MILLIS 10

_Static_assert(PROGRAMS_COUNT <= DESCRIPTORS_MAX, "one message passes all programs");

static void fail(struct helper_failure *failure, enum helper_status status, int error)
{
	failure->status = status;
	failure->error = error;
	failure->what[0] = 0;
}

static __s64 now_millis(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Puts the descriptors in their places. Returns false if they are not those that the answer announces. */
static bool place(struct programs *programs, const struct helper_answer *answer, const struct descriptors *descriptors)
{
	int *places = (int *)programs;

	if (descriptors->count != answer->count)
		return false;
	for (__u32 i = 0; i < answer->count; i++) {
		if (answer->places[i] >= PROGRAMS_COUNT || places[answer->places[i]] >= 0)
			return false;
		places[answer->places[i]] = descriptors->fds[i];
	}
	return programs->ring >= 0 && programs->sessions >= 0;
}

/* Reads the answer. Returns false and sets failure if it brings no programs. */
static bool receive(int fd, struct programs *programs, struct helper_failure *failure)
{
	struct helper_answer answer = { 0 };
	struct descriptors descriptors;
	ssize_t length = receive_descriptors(fd, &answer, sizeof(answer), &descriptors, MSG_DONTWAIT);

	if (length <= 0) {
		fail(failure, HELPER_DIED, 0);
		return false;
	}
	if ((size_t)length >= offsetof(struct helper_answer, error) && answer.build != ST_BUILD_FINGERPRINT)
		fail(failure, HELPER_OTHER_VERSION, 0);
	else if (length != sizeof(answer) || descriptors.cut || answer.status >= HELPER_CANNOT_START)
		fail(failure, HELPER_GARBAGE, 0);
	else
		fail(failure, answer.status, answer.error);
	memcpy(failure->what, answer.what, HELPER_WHAT_LEN - 1);
	failure->what[HELPER_WHAT_LEN - 1] = 0;
	if (!failure->status && place(programs, &answer, &descriptors))
		return true;
	if (!failure->status)
		fail(failure, HELPER_GARBAGE, 0);
	close_descriptors(&descriptors);
	memset(programs, -1, sizeof(*programs));
	return false;
}

/* Waits for an answer. Returns false if there is none until then. */
static bool await_answer(int fd, __s64 deadline)
{
	struct pollfd answer = { .fd = fd, .events = POLLIN };
	int n;

	do {
		__s64 left = deadline - now_millis();

		n = poll(&answer, 1, left < 0 ? 0 : (int)left);
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

int load_programs_through(const char *helper, size_t ring_bytes, int timeout_millis, struct programs *programs,
			  struct helper_failure *failure)
{
	struct helper_request request = { .build = ST_BUILD_FINGERPRINT, .ring_bytes = (__u32)ring_bytes };
	__s64 deadline = now_millis() + timeout_millis;
	int pair[2], status = 0;
	bool received = false;
	pid_t pid;

	memset(programs, -1, sizeof(*programs));	/* all are descriptors */
	fail(failure, HELPER_DONE, 0);
	if (!make_sockets(pair)) {
		fail(failure, HELPER_CANNOT_START, errno);
		return -1;
	}
	pid = start_program(helper, "sched-trace-helper", &pair[1], 1);
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		fail(failure, HELPER_CANNOT_START, -pid);
		return -1;
	}
	/* A helper that has ended closes the socket, which the answer tells. */
	send(pair[0], &request, sizeof(request), MSG_NOSIGNAL | MSG_DONTWAIT);
	if (await_answer(pair[0], deadline))
		received = receive(pair[0], programs, failure);
	else
		fail(failure, HELPER_SILENT, 0);
	close(pair[0]);
	kill(pid, SIGKILL);				/* it has nothing more to do */
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (failure->status == HELPER_DIED)
		failure->error = status;
	return received ? 0 : -1;
}

/* While the daemon has many connections to accept, it waits. */
static int connect_to(const char *path, __s64 deadline)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, saved, failed;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || !move_up(&fd, FIRST_FREE))
		return fd;
	while ((failed = connect(fd, (struct sockaddr *)&address, sizeof(address))) && errno == EAGAIN &&
	       now_millis() < deadline)
		poll(NULL, 0, RETRY_MILLIS);
	if (!failed)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int load_programs_by_daemon(const char *path, size_t ring_bytes, int timeout_millis, struct programs *programs,
			    struct helper_failure *failure)
{
	struct helper_request request = { .build = ST_BUILD_FINGERPRINT, .ring_bytes = (__u32)ring_bytes };
	__s64 deadline = now_millis() + timeout_millis;
	int fd = connect_to(path, deadline);

	memset(programs, -1, sizeof(*programs));	/* all are descriptors */
	fail(failure, HELPER_DONE, 0);
	if (fd < 0) {
		fail(failure, HELPER_CANNOT_START, errno);
		return -1;
	}
	/* A daemon that refuses may have closed the socket already, and its answer waits in it. */
	send(fd, &request, sizeof(request), MSG_NOSIGNAL);
	if (!await_answer(fd, deadline))
		fail(failure, HELPER_SILENT, 0);
	else if (receive(fd, programs, failure))
		return fd;
	close(fd);
	return -1;
}
