/*
 * daemon_attack SOCKET SETUID-PROGRAM: tries, as a user would who means harm, what the daemon accepts.
 * Prints what has gone wrong; the exit status is 0 if that is nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
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
#include <time.h>
#include <unistd.h>
#include "control.h"
#include "helper.h"

#define SECONDS 20
#define RING (1 << 20)
#define FUZZ_SECONDS 3
#define CROWD 1000

static const char *path;
static int failures;
static __u64 build;

#define CHECK(condition, ...) do { if (!(condition)) { printf("line %d: ", __LINE__); printf(__VA_ARGS__); \
	putchar('\n'); failures++; } } while (0)

static int dial(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	strcpy(address.sun_path, path);
	CHECK(!connect(fd, (struct sockaddr *)&address, sizeof(address)), "connect: %s", strerror(errno));
	return fd;
}

/* Receives the first answer. Returns the number of descriptors; -1 if the daemon has closed the socket. */
static int receive(int fd, struct helper_answer *answer, int fds[PROGRAMS_COUNT])
{
	union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int) * PROGRAMS_COUNT)]; } control;
	struct iovec bytes = { answer, sizeof(*answer) };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	struct cmsghdr *part;

	memset(answer, 0xff, sizeof(*answer));
	CHECK(poll(&ready, 1, SECONDS * 1000) == 1, "no answer in time");
	if (recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) != sizeof(*answer))
		return -1;
	part = CMSG_FIRSTHDR(&message);
	if (!part)
		return 0;
	memcpy(fds, CMSG_DATA(part), part->cmsg_len - CMSG_LEN(0));
	return (int)((part->cmsg_len - CMSG_LEN(0)) / sizeof(int));
}

static int ask(int fd, const void *request, size_t length, struct helper_answer *answer, int fds[PROGRAMS_COUNT])
{
	send(fd, request, length, MSG_NOSIGNAL);
	return receive(fd, answer, fds);
}

/* Opens a client. Its two maps come in fds. */
static int begin(int fds[PROGRAMS_COUNT])
{
	struct helper_request request = { .build = build, .ring_bytes = RING };
	struct helper_answer answer;
	int fd = dial(), n = ask(fd, &request, sizeof(request), &answer, fds);

	CHECK(n == 2 && answer.status == HELPER_DONE, "status %u, error %d, %d descriptors", answer.status, answer.error, n);
	return fd;
}

static void end(int fd, const int *fds)
{
	close(fd);
	close(fds[0]);
	close(fds[1]);
}

static void send_with_descriptors(int socket, const void *bytes, size_t length)
{
	union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int) * 8)]; } control = { 0 };
	struct iovec part = { (void *)bytes, length };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	int fds[8];

	for (int i = 0; i < 8; i++)
		fds[i] = 2;
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(&control.header), fds, sizeof(fds));
	sendmsg(socket, &message, MSG_NOSIGNAL);
}

static void garbage(void)
{
	static const size_t lengths[] = { 1, 8, 15, 16, 17, 24, 4096, 100000 };
	static const __u32 rings[] = { 0, 1, 4095, 5000, 3 << 20, 32 << 20, 1U << 30, ~0U };
	static unsigned char bytes[100000];
	struct helper_request request = { 0 };
	struct helper_answer answer;
	int fds[PROGRAMS_COUNT], fd;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (size_t j = 0; j < lengths[i]; j++)
			bytes[j] = (unsigned char)rand();
		fd = dial();
		CHECK(!ask(fd, bytes, lengths[i], &answer, fds) && answer.status == HELPER_OTHER_VERSION,
		      "%zu bytes: %u", lengths[i], answer.status);
		build = answer.build;
		close(fd);
	}
	for (size_t i = 0; i < sizeof(rings) / sizeof(rings[0]); i++) {
		request = (struct helper_request){ .build = build, .ring_bytes = rings[i] };
		fd = dial();
		CHECK(!ask(fd, &request, sizeof(request), &answer, fds) && answer.status == HELPER_BAD_REQUEST,
		      "ring %u: %u", rings[i], answer.status);
		close(fd);
	}
	/* An empty message and a closed end look alike. */
	fd = dial();
	CHECK(ask(fd, bytes, 0, &answer, fds) < 0, "an empty message is answered");
	close(fd);
	fd = dial();
	shutdown(fd, SHUT_WR);
	CHECK(receive(fd, &answer, fds) < 0, "a half-closed socket is answered");
	close(fd);
}

/* The descriptors are the ring, whose data cannot be written, and the sessions. */
static void descriptors(void)
{
	int fds[PROGRAMS_COUNT], fd = begin(fds), files = 0;
	struct daemon_request request = { .kind = DAEMON_WIPE };
	struct daemon_answer answer;

	CHECK(mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fds[0], 4096) == MAP_FAILED, "the ring can be written");
	for (int i = 0; i < 500; i++) {
		send_with_descriptors(fd, &request, sizeof(request));
		CHECK(recv(fd, &answer, sizeof(answer), 0) > 0 && !answer.result, "descriptors end the connection");
		files++;
	}
	end(fd, fds);
}

static int tag(int fd, __u32 thread, __u64 kind)
{
	struct daemon_request request = { .kind = DAEMON_TAG, .thread = thread, .args = { .session = 1, .kind = kind } };
	struct daemon_answer answer = { 0 };

	send(fd, &request, sizeof(request), MSG_NOSIGNAL);
	if (recv(fd, &answer, sizeof(answer), 0) <= 0)
		return 1;
	return answer.result;
}

static void foreign_threads(void)
{
	int fds[PROGRAMS_COUNT], fd = begin(fds), status;
	pid_t child;

	CHECK(!tag(fd, (__u32)getpid(), ST_TAG_TEST), "the own thread cannot be tagged");
	CHECK(tag(fd, 1, ST_TAG_TEST) == -ESRCH, "the process 1 can be tagged");
	CHECK(tag(fd, (__u32)getppid(), ST_TAG_TEST) == -ESRCH, "the parent can be tagged");
	CHECK(tag(fd, 0, ST_TAG_TEST) == -ESRCH, "the thread 0 can be tagged");
	CHECK(tag(fd, (__u32)getpid(), ST_TAG_MEET) == -EINVAL, "a client can have itself met again");
	CHECK(tag(fd, (__u32)getpid(), 77) == -EINVAL, "a tag of an unknown kind");
	/* Nor the threads of a process that has got the connection from this one. */
	child = fork();
	if (!child)
		_exit(tag(fd, (__u32)getpid(), ST_TAG_TEST) == -ESRCH ? 0 : 1);
	waitpid(child, &status, 0);
	CHECK(!status, "a child can be tagged through its parent's connection");
	end(fd, fds);
}

/* Somebody else's connection: its process becomes a set-uid program, or ends, before the daemon looks at it. */
static void changed_client(const char *program)
{
	struct helper_request request = { .build = build, .ring_bytes = RING };
	struct helper_answer answer;
	int fds[PROGRAMS_COUNT], pair[2];

	for (int ends = 0; ends < 2; ends++) {
		union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int))]; } control;
		char byte;
		struct iovec bytes = { &byte, 1 };
		struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control,
					  .msg_controllen = sizeof(control) };
		int fd, in[2];
		pid_t child;

		socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair);
		pipe(in);
		child = fork();
		if (!child) {
			int own = dial();

			control.header.cmsg_level = SOL_SOCKET;
			control.header.cmsg_type = SCM_RIGHTS;
			control.header.cmsg_len = CMSG_LEN(sizeof(int));
			memcpy(CMSG_DATA(&control.header), &own, sizeof(int));
			sendmsg(pair[1], &message, 0);
			if (ends)
				_exit(0);
			dup2(in[0], 0);
			close(in[1]);
			execl(program, program, "root", NULL);
			_exit(1);
		}
		recvmsg(pair[0], &message, 0);
		memcpy(&fd, CMSG_DATA(&control.header), sizeof(int));
		if (ends)
			waitpid(child, NULL, 0);
		else
			usleep(300000);
		CHECK(!ask(fd, &request, sizeof(request), &answer, fds) && answer.status == HELPER_NOT_FOR_US,
		      "ends %d: status %u, error %d", ends, answer.status, answer.error);
		close(in[1]);
		close(in[0]);
		close(fd);
		close(pair[0]);
		close(pair[1]);
		kill(child, SIGKILL);
		if (!ends)
			waitpid(child, NULL, 0);
	}
}

/*
 * Requests of any content, with and without descriptors, to a connection that is renewed whenever the daemon closes it.
 */
static void fuzz(void)
{
	int fds[PROGRAMS_COUNT], fd = begin(fds), renewed = 0;
	static unsigned char bytes[8192];
	time_t until = time(NULL) + FUZZ_SECONDS;
	struct daemon_request *request = (struct daemon_request *)bytes;

	while (time(NULL) < until && !failures) {
		size_t length = rand() % 8 ? sizeof(*request) : (size_t)rand() % sizeof(bytes);
		struct daemon_answer answer;
		ssize_t got;

		for (size_t i = 0; i < length; i++)
			bytes[i] = (unsigned char)(rand() % 3 ? 0 : rand());
		if (rand() % 2)
			request->kind = (__u32)rand() % DAEMON_REQUESTS;
		if (rand() % 2)
			request->thread = (__u32)getpid();
		if (rand() % 2)
			request->args.kind = (__u64)rand() % 6;
		if (rand() % 4)
			send(fd, bytes, length, MSG_NOSIGNAL);
		else
			send_with_descriptors(fd, bytes, length);
		do
			got = recv(fd, &answer, sizeof(answer), 0);
		while (got > 0 && answer.more);
		if (got > 0)
			continue;
		end(fd, fds);
		if (++renewed > 20)
			return;
		fd = begin(fds);
	}
	end(fd, fds);
}

/* Connections that say nothing, far more than a user may have: another client of this user waits for none of them. */
static void crowd(void)
{
	int all[CROWD], fds[PROGRAMS_COUNT], refused = 0;
	struct helper_answer answer;
	struct rlimit files = { CROWD + 100, CROWD + 100 };

	setrlimit(RLIMIT_NOFILE, &files);
	for (int i = 0; i < CROWD; i++)
		all[i] = dial();
	for (int i = 0; i < CROWD; i++) {
		struct pollfd ready = { .fd = all[i], .events = POLLIN };

		if (poll(&ready, 1, 100) == 1 && !receive(all[i], &answer, fds) && answer.status == HELPER_TOO_MANY_OF_USER)
			refused++;
	}
	CHECK(refused >= CROWD - DAEMON_CLIENTS_OF_USER - 5, "%d refused", refused);
	for (int i = 0; i < CROWD; i++)
		close(all[i]);
	sleep(2);
}

/* Closed connections whose rings are still mapped count. */
static void hoard(void)
{
	struct helper_request request = { .build = build, .ring_bytes = HELPER_RING_MIN };
	struct helper_answer answer;
	int fds[PROGRAMS_COUNT], kept[100], n = 0, fd;

	while (n < 100) {
		fd = dial();
		if (ask(fd, &request, sizeof(request), &answer, fds) != 2)
			break;
		close(fd);
		close(fds[1]);
		kept[n++] = fds[0];
	}
	CHECK(answer.status == HELPER_TOO_MANY_OF_USER && n > DAEMON_CLIENTS_OF_USER / 2 && n <= DAEMON_CLIENTS_OF_USER,
	      "%d rings, status %u", n, answer.status);
	close(fd);
	while (n > 0)
		close(kept[--n]);
	for (int i = 0; i < SECONDS * 10; i++) {
		fd = dial();
		n = ask(fd, &request, sizeof(request), &answer, fds);
		close(fd);
		if (n == 2)
			break;
		usleep(100000);
	}
	CHECK(n == 2, "what was given back counts");
}

/* A client that asks and never reads: it fills its own socket, and nobody waits. */
static void slow_reader(void)
{
	int fds[PROGRAMS_COUNT], others[PROGRAMS_COUNT], fd = begin(fds), other;
	struct daemon_request request = { .kind = DAEMON_MEMBERS, .args = { .session = 1 } };

	for (int i = 0; i < 100000 && send(fd, &request, sizeof(request), MSG_DONTWAIT | MSG_NOSIGNAL) > 0; i++)
		;
	other = begin(others);
	CHECK(!tag(other, (__u32)getpid(), ST_TAG_NONE), "one client makes another wait");
	end(other, others);
	end(fd, fds);
}

int main(int argc, char **argv)
{
	path = argv[1];
	setvbuf(stdout, NULL, _IONBF, 0);
	srand(1);
	garbage();
	descriptors();
	foreign_threads();
	if (argc > 2)
		changed_client(argv[2]);
	fuzz();
	slow_reader();
	crowd();
	hoard();
	return !!failures;
}
