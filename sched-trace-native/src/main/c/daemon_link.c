/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon_link.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "helper.h"

#define ANSWER_MILLIS 10000

/* A request and its answers belong together. A process has one probe at a time. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* After this nothing more is asked of the daemon. The reader notices it too. */
static int lose(struct probe *probe)
{
	probe->lost = true;
	shutdown(probe->daemon, SHUT_RDWR);
	return -EPIPE;
}

static int receive_answer(struct probe *probe, struct daemon_answer *answer)
{
	struct pollfd ready = { .fd = probe->daemon, .events = POLLIN };
	ssize_t length;
	int n;

	do
		n = poll(&ready, 1, ANSWER_MILLIS);
	while (n < 0 && errno == EINTR);
	if (n != 1)
		return lose(probe);
	length = recv(probe->daemon, answer, sizeof(*answer), MSG_TRUNC | MSG_DONTWAIT);
	if (length < (ssize_t)DAEMON_ANSWER_LEN(0) || answer->count > DAEMON_PIDS || answer->result > 0 ||
	    length != (ssize_t)DAEMON_ANSWER_LEN(answer->count))
		return lose(probe);
	return answer->result;
}

static int send_request(struct probe *probe, const struct daemon_request *request)
{
	if (probe->lost || send(probe->daemon, request, sizeof(*request), MSG_NOSIGNAL) != sizeof(*request))
		return lose(probe);
	return 0;
}

static int ask(struct probe *probe, const struct daemon_request *request)
{
	struct daemon_answer answer;
	int result;

	pthread_mutex_lock(&lock);
	result = send_request(probe, request);
	if (!result)
		result = receive_answer(probe, &answer);
	pthread_mutex_unlock(&lock);
	return result;
}

int have_daemon_tag(struct probe *probe, const struct st_tag_args *args)
{
	struct daemon_request request = {
		.kind = DAEMON_TAG,
		.thread = (__u32)syscall(SYS_gettid),
		.args = *args,
	};

	return ask(probe, &request);
}

int have_daemon_wipe(struct probe *probe)
{
	struct daemon_request request = { .kind = DAEMON_WIPE };

	return ask(probe, &request);
}

int have_daemon_watch(struct probe *probe, __u64 settings)
{
	struct daemon_request request = { .kind = DAEMON_WATCH, .args.session = settings };

	return ask(probe, &request);
}

static long receive_pids(struct probe *probe, __s64 **pids)
{
	struct daemon_answer answer;
	long n = 0;
	int result;

	do {
		__s64 *more;

		result = receive_answer(probe, &answer);
		if (result)
			break;
		more = realloc(*pids, sizeof(**pids) * ((size_t)n + answer.count + 1));
		if (!more)
			return lose(probe);		/* the rest of the answers is not read */
		*pids = more;
		memcpy(*pids + n, answer.pids, sizeof(**pids) * answer.count);
		n += answer.count;
	} while (answer.more);
	return result ? result : n;
}

long have_daemon_list(struct probe *probe, __u64 session, __s64 **pids)
{
	struct daemon_request request = { .kind = DAEMON_MEMBERS, .args.session = session };
	long n;

	pthread_mutex_lock(&lock);
	n = send_request(probe, &request);
	if (!n)
		n = receive_pids(probe, pids);
	pthread_mutex_unlock(&lock);
	if (n >= 0)
		return n;
	errno = (int)-n;
	return -1;
}
