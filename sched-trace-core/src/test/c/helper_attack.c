/*
 * helper_attack HELPER: tries, as a user would who means harm, what the helper accepts and what its descriptors allow.
 * helper_attack HELPER UID: as root, has that user pass a descriptor to this process.
 * Prints what has gone wrong; the exit status is 0 if that is nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "control.h"
#include "helper.h"

#define SECONDS 20
#define RING (1 << 20)
#define NO_SOCKET 3
#define NO_REQUEST 4
#define CLIENTS 12

static const char *helper;
static int failures;
static __u64 build;

#define CHECK(condition, ...) do { if (!(condition)) { printf("line %d: ", __LINE__); printf(__VA_ARGS__); \
	putchar('\n'); failures++; } } while (0)

static pid_t start(int fd)
{
	pid_t pid = fork();

	if (!pid) {
		char *environment[] = { "LD_PRELOAD=/nonexistent", "LIBBPF_LOG_LEVEL=debug", "GLIBC_TUNABLES=x", NULL };
		char *arguments[] = { "", "--help", "/etc/shadow", NULL };

		signal(SIGALRM, SIG_IGN);
		dup2(fd, 0);
		execve(helper, arguments, environment);
		_exit(99);
	}
	return pid;
}

/* Returns the exit status of a helper; -1 if it had to be killed. */
static int end(pid_t pid)
{
	int status;

	for (int i = 0; i < SECONDS * 100; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
		usleep(10000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -1;
}

static int status_with(int fd)
{
	int status = end(start(fd));

	close(fd);
	return status;
}

/* Receives an answer. Returns the number of descriptors, -1 if there is no answer. */
static int receive(int fd, struct helper_answer *answer, int fds[PROGRAMS_COUNT])
{
	union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int) * PROGRAMS_COUNT)]; } control;
	struct iovec bytes = { answer, sizeof(*answer) };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	struct cmsghdr *part;
	int n = 0;

	memset(answer, 0xff, sizeof(*answer));
	if (poll(&ready, 1, SECONDS * 1000) != 1 || recvmsg(fd, &message, MSG_CMSG_CLOEXEC) != sizeof(*answer))
		return -1;
	part = CMSG_FIRSTHDR(&message);
	if (part) {
		n = (int)((part->cmsg_len - CMSG_LEN(0)) / sizeof(int));
		memcpy(fds, CMSG_DATA(part), sizeof(int) * (size_t)n);
	}
	return n;
}

/* Sends a request. Returns the number of descriptors in the answer, -1 if there is none. */
static int ask(const void *request, size_t length, struct helper_answer *answer, int fds[PROGRAMS_COUNT])
{
	int pair[2], n, status;
	pid_t pid;

	socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
	pid = start(pair[1]);
	close(pair[1]);
	send(pair[0], request, length, MSG_NOSIGNAL);
	n = receive(pair[0], answer, fds);
	close(pair[0]);
	status = end(pid);
	CHECK(status == (n < 0 ? NO_REQUEST : 0), "exit status %d, %d descriptors", status, n);
	return n;
}

static void without_socket(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "\0sched-trace-attack" };
	int pair[2], listener, client;

	CHECK(status_with(open("/dev/null", O_RDWR)) == NO_SOCKET, "/dev/null");
	pipe(pair);
	CHECK(status_with(pair[0]) == NO_SOCKET, "a pipe");
	close(pair[1]);
	socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
	CHECK(status_with(pair[0]) == NO_SOCKET, "a stream");
	close(pair[1]);
	CHECK(status_with(socket(AF_INET, SOCK_DGRAM, 0)) == NO_SOCKET, "an IP socket");
	CHECK(status_with(socket(AF_UNIX, SOCK_SEQPACKET, 0)) == NO_SOCKET, "an unconnected socket");
	listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	bind(listener, (struct sockaddr *)&address, sizeof(address));
	listen(listener, 1);
	client = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	connect(client, (struct sockaddr *)&address, sizeof(address));
	CHECK(status_with(client) == NO_SOCKET, "a connected socket");
	CHECK(status_with(listener) == NO_SOCKET, "a listener");
	socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
	close(pair[1]);
	CHECK(status_with(pair[0]) == NO_REQUEST, "a closed socket");
}

static void garbage(void)
{
	struct helper_request request = { 0 };
	struct helper_answer answer;
	unsigned char bytes[4096];
	int fds[PROGRAMS_COUNT];
	static const size_t lengths[] = { 0, 1, 8, 15, 16, 17, 24, 4096 };
	static const __u32 rings[] = { 0, 1, 4095, 5000, 3 << 20, 128 << 20, 1U << 30, ~0U };

	srand(1);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (size_t j = 0; j < lengths[i]; j++)
			bytes[j] = (unsigned char)rand();
		if (ask(bytes, lengths[i], &answer, fds) >= 0)
			CHECK(answer.status == HELPER_OTHER_VERSION, "%zu bytes: %u", lengths[i], answer.status);
		build = answer.build;
	}
	ask(&request, sizeof(request), &answer, fds);
	build = answer.build;
	for (size_t i = 0; i <= sizeof(rings) / sizeof(rings[0]); i++) {
		request = (struct helper_request){ .build = build, .ring_bytes = RING, .unused = 1 };
		if (i < sizeof(rings) / sizeof(rings[0]))
			request = (struct helper_request){ .build = build, .ring_bytes = rings[i] };
		CHECK(ask(&request, sizeof(request), &answer, fds) == 0 && answer.status == HELPER_BAD_REQUEST,
		      "ring %u: %u", request.ring_bytes, answer.status);
	}
}

static long bpf(int command, union bpf_attr *attributes)
{
	return syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static int load(int fds[PROGRAMS_COUNT])
{
	struct helper_request request = { .build = build, .ring_bytes = RING };
	struct helper_answer answer;
	int n = ask(&request, sizeof(request), &answer, fds);

	CHECK(answer.status == HELPER_DONE && n > 5, "status %u, error %d, %d descriptors", answer.status, answer.error, n);
	return n;
}

static long info(int fd, void *to, unsigned int length)
{
	union bpf_attr attributes = { .info = { .bpf_fd = fd, .info_len = length, .info = (unsigned long)to } };

	memset(to, 0, length);
	return bpf(BPF_OBJ_GET_INFO_BY_FD, &attributes);
}

/* Whether /proc says that a descriptor is of that kind: map, prog or link. */
static int is_kind(int fd, const char *kind)
{
	char path[64], line[256];
	int found = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		found |= !strncmp(line, kind, strlen(kind)) && !strncmp(line + strlen(kind), "_id:", 4);
	if (file)
		fclose(file);
	/* The file of a link has prog_id too. */
	return found;
}

static int run(int program, __u32 flags, struct st_tag_args *args, __u32 *result)
{
	union bpf_attr attributes = { .test = { .prog_fd = (__u32)program, .ctx_in = (unsigned long)args,
						.ctx_size_in = sizeof(*args), .flags = flags } };
	long failed = bpf(BPF_PROG_TEST_RUN, &attributes);

	*result = attributes.test.retval;
	return (int)failed;
}

static void look_at_map(int fd)
{
	struct bpf_map_info map;
	void *at;

	CHECK(!info(fd, &map, sizeof(map)), "map info: %s", strerror(errno));
	CHECK(!strcmp(map.name, "ring") || !strcmp(map.name, "sessions"), "the map %s", map.name);
	if (!strcmp(map.name, "ring")) {
		at = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 4096);
		CHECK(at == MAP_FAILED, "the data of the ring can be written");
	} else {
		/* What the programs make of it concerns only this user: they must survive it. */
		at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		memset(at, 0xff, 4096);
		for (int i = 0; i < 4; i++)
			if (!fork()) {
				execl("/bin/true", "true", NULL);
				_exit(1);
			}
		while (wait(NULL) > 0)
			;
	}
}

static void look_at_program(int fd)
{
	static const char *const tracepoints[] = { "sched_process_exec", "sys_enter", "sched_switch" };
	struct st_tag_args args = { .session = 1, .kind = ST_TAG_TEST };
	struct bpf_prog_info program;
	union bpf_attr attributes;
	__u32 result;

	CHECK(!info(fd, &program, sizeof(program)), "program info: %s", strerror(errno));
	if (program.type == BPF_PROG_TYPE_TRACING) {
		CHECK(!strcmp(program.name, "on_received") || !strcmp(program.name, "on_packet_read"), "the program %s",
		      program.name);
		CHECK(run(fd, 0, &args, &result), "%s can be run", program.name);
		return;
	}
	CHECK(!strcmp(program.name, "tag_thread") || !strcmp(program.name, "wipe_ring"), "the program %s", program.name);
	for (size_t i = 0; i < sizeof(tracepoints) / sizeof(tracepoints[0]); i++) {
		memset(&attributes, 0, sizeof(attributes));
		attributes.raw_tracepoint.name = (unsigned long)tracepoints[i];
		attributes.raw_tracepoint.prog_fd = (__u32)fd;
		CHECK(bpf(BPF_RAW_TRACEPOINT_OPEN, &attributes) < 0, "%s attached to %s", program.name, tracepoints[i]);
	}
	CHECK(run(fd, BPF_F_TEST_RUN_ON_CPU, &args, &result), "%s runs on another processor", program.name);
	if (!strcmp(program.name, "tag_thread")) {
		CHECK(!run(fd, 0, &args, &result) && result == ST_TAG_DONE, "tag_thread: %u", result);
		args.kind = 77;
		CHECK(!run(fd, 0, &args, &result), "tag_thread of an unknown kind");
	}
}

static void descriptors(void)
{
	int fds[PROGRAMS_COUNT], n = load(fds);

	for (int i = 0; i < n; i++) {
		if (is_kind(fds[i], "link"))
			continue;
		if (is_kind(fds[i], "map"))
			look_at_map(fds[i]);
		else if (is_kind(fds[i], "prog"))
			look_at_program(fds[i]);
		else
			CHECK(0, "descriptor %d is of no known kind", fds[i]);
	}
	for (int i = 0; i < n; i++)
		close(fds[i]);
}

static void floods(void)
{
	struct helper_request request = { .build = build, .ring_bytes = RING };
	struct helper_answer answer;
	int pair[2], sockets[CLIENTS], fds[PROGRAMS_COUNT], n;
	pid_t pids[CLIENTS];

	/* A socket that the caller has filled: the helper does not wait. */
	socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
	while (send(pair[0], &request, sizeof(request), MSG_DONTWAIT) > 0)
		;
	while (send(pair[1], &request, sizeof(request), MSG_DONTWAIT) > 0)
		;
	CHECK(status_with(pair[1]) == 5, "a full socket");
	close(pair[0]);
	for (int i = 0; i < CLIENTS; i++) {
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
		pids[i] = start(pair[1]);
		sockets[i] = pair[0];
		close(pair[1]);
		send(pair[0], &request, sizeof(request), 0);
	}
	for (int i = 0; i < CLIENTS; i++) {
		n = receive(sockets[i], &answer, fds);
		CHECK(n > 5, "one of many: %d descriptors, status %u, error %d", n, answer.status, answer.error);
		for (int j = 0; j < n; j++)
			close(fds[j]);
		close(sockets[i]);
		end(pids[i]);
	}
}

static void too_many(void)
{
	struct helper_request request = { .build = build, .ring_bytes = HELPER_RING_MIN };
	struct helper_answer answer;
	int all[MAX_OBJECTS + 1][PROGRAMS_COUNT], n[MAX_OBJECTS + 1];
	int made = 0;

	do
		n[made] = ask(&request, sizeof(request), &answer, all[made]);
	while (n[made] > 0 && made++ < MAX_OBJECTS);
	CHECK(made > MAX_OBJECTS / 2 && made <= MAX_OBJECTS && answer.status == HELPER_CANNOT_LOAD &&
	      answer.error == EDQUOT, "%d objects, status %u, error %d", made, answer.status, answer.error);
	for (int i = 0; i < made; i++)
		for (int j = 0; j < n[i]; j++)
			close(all[i][j]);
}

static void limits(void)
{
	struct rlimit few = { 8, 8 };
	struct helper_request request = { .build = build, .ring_bytes = RING };
	struct helper_answer answer;
	int fds[PROGRAMS_COUNT];

	setrlimit(RLIMIT_NOFILE, &few);
	CHECK(ask(&request, sizeof(request), &answer, fds) == 0 && answer.status == HELPER_CANNOT_LOAD &&
	      answer.error == EMFILE, "few files: status %u, error %d", answer.status, answer.error);
}

static void send_one(int socket, int fd)
{
	union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int))]; } control = { 0 };
	struct iovec bytes = { "x", 1 };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(int));
	sendmsg(socket, &message, 0);
}

/* A process of another user cannot be tagged, even if it would like to. */
static void foreign(unsigned int uid)
{
	struct st_tag_args args = { .session = 1, .kind = ST_TAG_TEST };
	union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int))]; } control;
	char byte;
	struct iovec bytes = { &byte, 1 };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct helper_answer answer;
	struct helper_request request = { 0 };
	int pair[2], fds[PROGRAMS_COUNT], tag;
	__u32 result = 0;

	socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
	if (!fork()) {
		if (setresgid(uid, uid, uid) || setresuid(uid, uid, uid))
			_exit(1);
		ask(&request, sizeof(request), &answer, fds);
		build = answer.build;
		/* tag_thread is the third descriptor of struct programs. */
		load(fds);
		send_one(pair[1], fds[2]);
		_exit(failures);
	}
	close(pair[1]);
	CHECK(recvmsg(pair[0], &message, 0) == 1, "nothing received");
	memcpy(&tag, CMSG_DATA(&control.header), sizeof(int));
	CHECK(!run(tag, 0, &args, &result) && result == ST_TAG_REFUSED, "root is tagged: %u, %s", result, strerror(errno));
}

int main(int argc, char **argv)
{
	helper = argv[1];
	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc > 2) {
		foreign((unsigned int)atoi(argv[2]));
		return !!failures;
	}
	without_socket();
	garbage();
	descriptors();
	floods();
	too_many();
	limits();
	return !!failures;
}
