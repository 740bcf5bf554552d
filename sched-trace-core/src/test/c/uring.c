/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uring async|sqpoll: talks to itself over TCP by io_uring(7), whose own threads do that: each call is left to a worker, or
 * all of them to a thread that polls for them, which this program leaves to the kernel to end.
 */
#include <arpa/inet.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ENTRIES 8

static int ring;
static unsigned mode_flags;
static struct io_uring_params params;
static struct io_uring_sqe *entries;
static char *queues;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static unsigned *at(__u32 offset)
{
	return (unsigned *)(queues + offset);
}

static void open_ring(int polled)
{
	size_t size;

	params.flags = polled ? IORING_SETUP_SQPOLL : 0;
	params.sq_thread_idle = 1000;
	ring = (int)syscall(SYS_io_uring_setup, ENTRIES, &params);
	if (ring < 0)
		fail("io_uring_setup");
	size = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
	queues = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
	entries = mmap(NULL, ENTRIES * sizeof(*entries), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring,
		       IORING_OFF_SQES);
	if (queues == MAP_FAILED || entries == MAP_FAILED)
		fail("mmap");
	mode_flags = polled ? 0 : IOSQE_ASYNC;
}

/* Has the kernel make a call, and returns what it returns. */
static int call(struct io_uring_sqe sqe)
{
	unsigned tail = *at(params.sq_off.tail), slot = tail & *at(params.sq_off.ring_mask);
	unsigned head = *at(params.cq_off.head), flags = IORING_ENTER_GETEVENTS;
	struct io_uring_cqe *done = (void *)at(params.cq_off.cqes);
	int result;

	sqe.flags |= mode_flags;
	entries[slot] = sqe;
	at(params.sq_off.array)[slot] = slot;
	__atomic_store_n(at(params.sq_off.tail), tail + 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(at(params.sq_off.flags), __ATOMIC_SEQ_CST) & IORING_SQ_NEED_WAKEUP)
		flags |= IORING_ENTER_SQ_WAKEUP;
	if (syscall(SYS_io_uring_enter, ring, 1, 1, flags, NULL, 0) < 0)
		fail("io_uring_enter");
	result = done[head & *at(params.cq_off.ring_mask)].res;
	__atomic_store_n(at(params.cq_off.head), head + 1, __ATOMIC_RELEASE);
	if (result < 0) {
		fprintf(stderr, "call %d: %s\n", sqe.opcode, strerror(-result));
		exit(1);
	}
	return result;
}

static int move(int opcode, int fd, char *bytes, unsigned n)
{
	return call((struct io_uring_sqe){ .opcode = opcode, .fd = fd, .addr = (uintptr_t)bytes, .len = n });
}

static void end(int opcode, int fd)
{
	call((struct io_uring_sqe){ .opcode = opcode, .fd = fd });
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), server;
	char bytes[100] = { 0 };

	if (argc != 2)
		return 2;
	open_ring(!strcmp(argv[1], "sqpoll"));
	if (bind(listener, (struct sockaddr *)&address, len) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&address, &len))
		fail("listen");
	call((struct io_uring_sqe){ .opcode = IORING_OP_CONNECT, .fd = client, .addr = (uintptr_t)&address, .off = len });
	server = call((struct io_uring_sqe){ .opcode = IORING_OP_ACCEPT, .fd = listener });
	if (move(IORING_OP_SEND, client, bytes, 100) != 100 || move(IORING_OP_RECV, server, bytes, 100) != 100)
		return 3;
	end(IORING_OP_SHUTDOWN, client);
	end(IORING_OP_CLOSE, server);
	return 0;
}
