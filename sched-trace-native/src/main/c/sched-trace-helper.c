/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sched-trace-helper: loads the BPF programs for an ordinary user. It is installed with the capabilities CAP_BPF and
 * CAP_PERFMON in its file, so that whoever may run it has them for the life of this process.
 *
 * It trusts nothing that its caller controls: it takes no arguments, no environment and no files, and reads one
 * request of fixed size from its descriptor 0. The user for whom the programs withhold what is not his
 * (secrets.bpf.h) is the real one of this process. It passes on only descriptors with which nobody can get at more
 * (SECURITY.md), and ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
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
#include <bpf/libbpf.h>
#include "fingerprint.h"
#include "helper.h"
#include "programs.h"

#define SOCKET STDIN_FILENO
#define CPU_SECONDS 20

/* The exit statuses if there is nobody to answer. */
enum {
	EXIT_NO_SOCKET = 3,		/* descriptor 0 is not what it must be */
	EXIT_NO_REQUEST = 4,
	EXIT_NO_ANSWER = 5,		/* the answer could not be sent */
};

static int log_nothing(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

/* Gives up what the caller has chosen for this process, and sees to it that it ends. */
static void begin_anew(void)
{
	struct rlimit no_core = { 0, 0 }, cpu = { CPU_SECONDS, CPU_SECONDS };
	sigset_t none;

	clearenv();
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &no_core);
	setrlimit(RLIMIT_CPU, &cpu);
	signal(SIGALRM, SIG_DFL);
	signal(SIGXCPU, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	alarm(HELPER_SECONDS);
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

static bool has_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };
	__u32 wanted = CAP_TO_MASK(CAP_BPF) | CAP_TO_MASK(CAP_PERFMON);

	if (syscall(SYS_capget, &header, data))
		return false;
	return (data[CAP_TO_INDEX(CAP_BPF)].effective & wanted) == wanted;
}

static void drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };

	syscall(SYS_capset, &header, none);
}

/* The inode number of this network namespace, which is the caller's; 0, which none has, if it cannot be told. */
static __u32 network_namespace(void)
{
	struct stat file;

	return stat("/proc/self/ns/net", &file) ? 0 : (__u32)file.st_ino;
}

static bool is_valid(const struct helper_request *request)
{
	__u32 ring = request->ring_bytes;

	return ring >= HELPER_RING_MIN && ring <= HELPER_RING_MAX && !(ring & (ring - 1)) && !request->unused;
}

/* Loads the programs, or finds out why not. */
static void serve(const struct helper_request *request, ssize_t length, struct helper_answer *answer,
		  struct programs *programs)
{
	struct user user = { .uid = getuid(), .gid = getgid(), .netns = network_namespace() };
	const char *failed;

	if (length != sizeof(*request) || request->build != ST_BUILD_FINGERPRINT) {
		answer->status = HELPER_OTHER_VERSION;
	} else if (!is_valid(request)) {
		answer->status = HELPER_BAD_REQUEST;
	} else if (!is_since(5, 19)) {		/* before, nobody else may use the descriptors */
		answer->status = HELPER_OLD_KERNEL;
	} else if (!has_capabilities()) {
		answer->status = HELPER_NO_CAPABILITIES;
	} else {
		errno = 0;
		failed = load_programs(programs, request->ring_bytes, &user);
		if (failed) {
			answer->status = HELPER_CANNOT_LOAD;
			answer->error = errno;
			strncpy(answer->what, failed, HELPER_WHAT_LEN - 1);
		}
	}
}

/* Lists the descriptors in the answer. Returns their number. */
static __u32 list(const struct programs *programs, struct helper_answer *answer, int fds[PROGRAMS_COUNT])
{
	const int *all = (const int *)programs;
	__u32 n = 0;

	for (__u8 i = 0; i < PROGRAMS_COUNT; i++) {
		if (all[i] < 0)
			continue;
		answer->places[n] = i;
		fds[n++] = all[i];
	}
	return n;
}

/* The message does not wait in the socket: there is room for it unless the caller has filled that itself. */
static bool send_answer(struct helper_answer *answer, const struct programs *programs)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int) * PROGRAMS_COUNT)];
	} control = { 0 };
	struct iovec bytes = { answer, sizeof(*answer) };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };
	int fds[PROGRAMS_COUNT];
	__u32 n = list(programs, answer, fds);

	answer->count = n;
	if (n) {
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * n);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int) * n);
		memcpy(CMSG_DATA(&control.header), fds, sizeof(int) * n);
	}
	return sendmsg(SOCKET, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof(*answer);
}

int main(void)
{
	struct helper_request request = { 0 };
	struct helper_answer answer = { .build = ST_BUILD_FINGERPRINT };
	struct programs programs;
	ssize_t length;

	begin_anew();
	if (!has_socket())
		_exit(EXIT_NO_SOCKET);
	length = recv(SOCKET, &request, sizeof(request), MSG_TRUNC);
	if (length <= 0)
		_exit(EXIT_NO_REQUEST);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	libbpf_set_print(log_nothing);
	memset(&programs, -1, sizeof(programs));	/* all are descriptors */
	serve(&request, length, &answer, &programs);
	drop_capabilities();
	/* The links outlive this process with the descriptors that have been sent. */
	_exit(send_answer(&answer, &programs) ? EXIT_SUCCESS : EXIT_NO_ANSWER);
}
