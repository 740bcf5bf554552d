/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon has a child process for each client (daemon_client.c), so that none can make another wait, and a mistake
 * in one reaches no other. Root starts it; it keeps CAP_BPF and CAP_PERFMON and becomes a user that owns nothing. The
 * kernel tells it who a client is (SO_PEERCRED).
 */
#include "daemon.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "capabilities.h"
#include "daemon_client.h"
#include "fingerprint.h"
#include "serve.h"

/* No passwd file and no range of systemd or of containers has it. "nobody" is no user of its own: others use it. */
#define DAEMON_USER 65530
#define REAP_MILLIS 1000	/* a child that ends just before poll(2) is noticed after that time */

enum {
	EXIT_PRIVILEGES = 6,	/* root lacks what the daemon needs, or they cannot be given up */
	EXIT_ACCEPT = 7,
};

struct child {
	pid_t pid;		/* 0 = a free place */
	uid_t user;
};

static struct child children[DAEMON_CLIENTS];

static void child_has_ended(int signal)
{
	(void)signal;		/* it interrupts poll(2) */
}

/* The order matters: each step needs what the next one gives up. */
static bool drop_privileges(void)
{
	for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
		prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
	return !prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) && !setgroups(0, NULL) &&
	       !setresgid(DAEMON_USER, DAEMON_USER, DAEMON_USER) && !setresuid(DAEMON_USER, DAEMON_USER, DAEMON_USER) &&
	       !keep_capabilities(BPF_CAPABILITIES) && !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) && !prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static void reap(void)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (int i = 0; i < DAEMON_CLIENTS; i++)
			if (children[i].pid == pid)
				children[i].pid = 0;
}

/* With an unread request, close(2) would have the client see ECONNRESET instead of the answer. */
static void refuse(int client, enum helper_status status, int error)
{
	char request;
	struct helper_answer answer = { .build = ST_BUILD_FINGERPRINT, .status = status, .error = error };
	struct programs none;

	memset(&none, -1, sizeof(none));	/* all are descriptors */
	send_answer(client, &answer, &none);
	shutdown(client, SHUT_RD);
	while (recv(client, &request, sizeof(request), MSG_DONTWAIT) > 0)
		;
}

/* Returns a free place for a client of that user; null if there is none, which the client is told. */
static struct child *place_for(int client, uid_t user)
{
	struct child *place = NULL;
	int own = 0;

	for (int i = 0; i < DAEMON_CLIENTS; i++) {
		if (!children[i].pid)
			place = &children[i];
		else if (children[i].user == user)
			own++;
	}
	if (own >= DAEMON_CLIENTS_OF_USER) {
		refuse(client, HELPER_TOO_MANY_OF_USER, DAEMON_CLIENTS_OF_USER);
		return NULL;
	}
	if (!place)
		refuse(client, HELPER_TOO_MANY, DAEMON_CLIENTS);
	return place;
}

/* Does not return in the child process. */
static void begin_client(int listener, int client)
{
	struct ucred peer = { 0 };
	socklen_t length = sizeof(peer);
	struct child *place;
	pid_t daemon = getpid(), pid;

	if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &length))
		return;
	place = place_for(client, peer.uid);
	if (!place)
		return;
	pid = fork();
	if (pid < 0) {
		refuse(client, HELPER_CANNOT_LOAD, errno);
		return;
	}
	if (pid) {
		*place = (struct child){ .pid = pid, .user = peer.uid };
		return;
	}
	signal(SIGCHLD, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	close(listener);
	if (getppid() == daemon)
		serve_client(client, &peer);
	_exit(0);
}

int run_daemon(int listener)
{
	struct pollfd ready = { .fd = listener, .events = POLLIN };
	struct sigaction ended = { .sa_handler = child_has_ended };
	int client;

	if (!drop_privileges())
		return EXIT_PRIVILEGES;
	sigaction(SIGCHLD, &ended, NULL);
	if (fcntl(listener, F_SETFL, O_NONBLOCK))
		return EXIT_ACCEPT;
	for (;;) {
		if (poll(&ready, 1, REAP_MILLIS) < 0 && errno != EINTR)
			return EXIT_ACCEPT;
		reap();
		client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (client >= 0) {
			begin_client(listener, client);
			close(client);
		} else if (errno == EINVAL || errno == EBADF) {	/* systemd has shut it down */
			return EXIT_ACCEPT;
		}
	}
}
