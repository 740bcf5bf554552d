/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sched-trace-helper: loads the BPF programs for an ordinary user. It is installed with the capabilities CAP_BPF and
 * CAP_PERFMON in its file, so that whoever may run it has them for the life of this process.
 *
 * It trusts nothing that its caller controls: it takes no arguments, no environment and no files, and reads one request
 * of fixed size from its descriptor 0. The real user of this process is the one from whom the programs withhold what is
 * not his (secrets.bpf.h). It passes on only descriptors that give no access to more (SECURITY.md), and ends.
 *
 * Started by root with a listening socket as its descriptor 0, it is the daemon (daemon.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
#include "capabilities.h"
#include "daemon.h"
#include "fingerprint.h"
#include "helper.h"
#include "programs.h"
#include "serve.h"

#define SOCKET STDIN_FILENO
#define CPU_SECONDS 20

/* The exit statuses if there is nobody to answer. */
enum {
	EXIT_NO_SOCKET = 3,		/* descriptor 0 is not what it must be */
	EXIT_NO_REQUEST = 4,
	EXIT_NO_ANSWER = 5,		/* the answer could not be sent */
};

/* Gives up what the caller has chosen for this process. */
static void begin_anew(void)
{
	struct rlimit no_core = { 0, 0 };
	sigset_t none;

	clearenv();
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &no_core);
	signal(SIGALRM, SIG_DFL);
	signal(SIGXCPU, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	alarm(0);
	personality(PER_LINUX);		/* uname(2) tells the real release again */
	syscall(SYS_close_range, SOCKET + 1, ~0U, 0);
	if (open("/dev/null", O_RDWR) >= 0)
		(void)!dup(STDOUT_FILENO);
	if (chdir("/"))
		_exit(EXIT_NO_SOCKET);
}

static bool has_option(int option, int wanted)
{
	int value = 0;
	socklen_t length = sizeof(value);

	return !getsockopt(SOCKET, SOL_SOCKET, option, &value, &length) && value == wanted;
}

/* Whether descriptor 0 is a socket that accepts connections. */
static bool is_listener(void)
{
	return has_option(SO_DOMAIN, AF_UNIX) && has_option(SO_TYPE, SOCK_SEQPACKET) && has_option(SO_ACCEPTCONN, 1);
}

/* Whether descriptor 0 is one of a pair of sockets that a process of this user has made: neither has an address. */
static bool has_socket(void)
{
	struct sockaddr_un address;
	socklen_t own = sizeof(address), others = sizeof(address);
	struct ucred peer = { 0 };
	socklen_t length = sizeof(peer);

	return has_option(SO_DOMAIN, AF_UNIX) && has_option(SO_TYPE, SOCK_SEQPACKET) &&
	       !getsockname(SOCKET, (struct sockaddr *)&address, &own) && own == sizeof(sa_family_t) &&
	       !getpeername(SOCKET, (struct sockaddr *)&address, &others) && others == sizeof(sa_family_t) &&
	       !getsockopt(SOCKET, SOL_SOCKET, SO_PEERCRED, &peer, &length) && peer.uid == getuid() &&
	       peer.gid == getgid();
}

/* The inode number of a namespace, which is the caller's; 0, which none has, if it cannot be told. */
static __u32 namespace(const char *file)
{
	struct stat status;

	return stat(file, &status) ? 0 : (__u32)status.st_ino;
}

/* Loads the programs for the user who has started this process. */
static int help(void)
{
	struct user user = {
		.uid = getuid(),
		.gid = getgid(),
		.netns = namespace("/proc/self/ns/net"),
		.userns = namespace("/proc/self/ns/user"),
	};
	struct helper_request request = { 0 };
	struct helper_answer answer = { .build = ST_BUILD_FINGERPRINT };
	struct rlimit cpu = { CPU_SECONDS, CPU_SECONDS };
	struct programs programs;
	ssize_t length;

	setrlimit(RLIMIT_CPU, &cpu);
	alarm(HELPER_SECONDS);
	length = recv(SOCKET, &request, sizeof(request), MSG_TRUNC);
	if (length <= 0)
		return EXIT_NO_REQUEST;
	memset(&programs, -1, sizeof(programs));	/* all are descriptors */
	serve(&request, length, &user, &answer, &programs);
	keep_capabilities(0);
	/* The links outlive this process with the descriptors that have been sent. */
	return send_answer(SOCKET, &answer, &programs) ? EXIT_SUCCESS : EXIT_NO_ANSWER;
}

int main(void)
{
	begin_anew();
	quiet_libbpf();
	if (getuid() == 0 && is_listener())
		_exit(run_daemon(SOCKET));
	_exit(has_socket() ? help() : EXIT_NO_SOCKET);
}
