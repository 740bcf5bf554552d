/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon_client.h"
#include <bpf/bpf.h>
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "capabilities.h"
#include "fingerprint.h"
#include "helper.h"
#include "probe.h"
#include "serve.h"

#define STILL_THERE_MILLIS 200

/* The maps that the client has got. */
struct given {
	__u32 ring;
	__u32 sessions;
};

static __u32 id_of(int map)
{
	struct bpf_map_info info = { 0 };
	__u32 length = sizeof(info);

	return bpf_obj_get_info_by_fd(map, &info, &length) ? 0 : info.id;
}

/* Whether the kernel still has one of the maps; also if that cannot be told. */
static bool are_there(int maps, const struct given *given)
{
	__u32 ids[256];
	bool found = false;
	int file = bpf_iter_create(maps);
	ssize_t got = -1;

	while (file >= 0 && (got = read(file, ids, sizeof(ids))) != 0) {
		if (got < 0 && errno != EINTR && errno != EAGAIN)
			break;
		for (ssize_t i = 0; i < got / (ssize_t)sizeof(ids[0]); i++)
			found |= ids[i] == given->ring || ids[i] == given->sessions;
	}
	if (file >= 0)
		close(file);
	return found || got < 0;
}

/*
 * Waits until the client has given back the memory of its object. Meanwhile it counts as one of the user's clients, or
 * he could have any number of rings.
 */
static void await_return(int maps, const struct given *given)
{
	while (are_there(maps, given))
		poll(NULL, 0, STILL_THERE_MILLIS);
}

static int tag(const struct probe *probe, pid_t client, const struct daemon_request *request)
{
	int result;

	if (request->args.kind > ST_TAG_JVM)
		return -EINVAL;
	result = tag_thread_of_client(&probe->programs, client, request->thread, &request->args);
	switch (result) {
	case ST_TAG_DONE:
		return 0;
	case ST_TAG_NO_MEMORY:
		return -ENOMEM;
	case ST_TAG_NOT_FOUND:
		return -ESRCH;
	default:
		return result < 0 ? result : -EPERM;
	}
}

static bool send_reply(int client, const struct daemon_answer *answer)
{
	size_t length = DAEMON_ANSWER_LEN(answer->count);
	ssize_t sent;

	do
		sent = send(client, answer, length, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)length;
}

static bool send_members(int client, struct probe *probe, __u64 session)
{
	struct daemon_answer answer = { 0 };
	__s64 *pids;
	long n = list_members(probe, session, &pids), done = 0;
	bool sent;

	if (n < 0)
		answer.result = -errno;
	do {
		answer.count = n - done < DAEMON_PIDS ? (__u16)(n < 0 ? 0 : n - done) : DAEMON_PIDS;
		answer.more = done + answer.count < n;
		if (answer.count)
			memcpy(answer.pids, pids + done, sizeof(*pids) * answer.count);
		done += answer.count;
		sent = send_reply(client, &answer);
	} while (sent && answer.more);
	free(pids);
	return sent;
}

/* Returns false if the client is not to be served any more. */
static bool handle(int client, struct probe *probe, pid_t process, const struct daemon_request *request)
{
	struct daemon_answer answer = { 0 };

	switch (request->kind) {
	case DAEMON_TAG:
		answer.result = tag(probe, process, request);
		return send_reply(client, &answer);
	case DAEMON_MEMBERS:
		return send_members(client, probe, request->args.session);
	case DAEMON_WIPE:
		answer.result = wipe_ring(probe);
		return send_reply(client, &answer);
	case DAEMON_WATCH:
		if (watch_names(probe, request->args.session & ~(__u64)ST_WANT_GETADDRINFO, NULL))
			answer.result = -errno;
		return send_reply(client, &answer);
	default:
		return false;
	}
}

/* Descriptors that come with a request are not taken: the kernel closes them. */
static void handle_all(int client, struct probe *probe, pid_t process)
{
	struct daemon_request request;
	ssize_t length;

	do {
		length = recv(client, &request, sizeof(request), MSG_TRUNC);
	} while (length < 0 ? errno == EINTR : length == sizeof(request) && handle(client, probe, process, &request));
}

/* Returns the length of the first request; -1 if there is none in time. */
static ssize_t receive_first(int client, struct helper_request *request)
{
	struct pollfd ready = { .fd = client, .events = POLLIN };

	if (poll(&ready, 1, HELPER_SECONDS * 1000) != 1)
		return -1;
	return recv(client, request, sizeof(*request), MSG_TRUNC | MSG_DONTWAIT);
}

void serve_client(int client, const struct ucred *peer)
{
	struct user user = { .uid = peer->uid, .gid = peer->gid, .client = peer->pid };
	struct helper_answer answer = { .build = ST_BUILD_FINGERPRINT };
	struct probe probe = { .dns_link = -1, .getaddrinfo_entry = -1, .getaddrinfo_return = -1, .daemon = -1 };
	struct helper_request request = { 0 };
	struct programs safe;
	struct given given;
	ssize_t length;
	int maps;

	length = receive_first(client, &request);
	if (length <= 0)
		return;
	memset(&probe.programs, -1, sizeof(probe.programs));	/* all are descriptors */
	memset(&safe, -1, sizeof(safe));
	if (peer->pid > 0) {
		serve(&request, length, &user, &answer, &probe.programs);
	} else {				/* it is outside of the daemon's pid namespace */
		answer.status = HELPER_NOT_FOR_US;
		answer.error = ESRCH;
	}
	keep_capabilities(0);
	safe.ring = probe.programs.ring;
	safe.sessions = probe.programs.sessions;
	given = (struct given){ .ring = id_of(safe.ring), .sessions = id_of(safe.sessions) };
	if (!send_answer(client, &answer, &safe) || answer.status)
		return;
	handle_all(client, &probe, peer->pid);
	close(client);
	maps = probe.programs.maps;
	probe.programs.maps = -1;
	watch_names(&probe, 0, NULL);
	close_programs(&probe.programs);
	await_return(maps, &given);
}
