/* SPDX-License-Identifier: Apache-2.0 */
/* A network namespace of one's own with loopback up and a wide range of ports: what other runs left does not count. */
#ifndef BENCH_NETWORK_H
#define BENCH_NETWORK_H

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static inline void fail(const char *what)
{
	perror(what);
	exit(125);
}

static inline void enter_network(void)
{
	struct ifreq loopback = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	const char *range = "1024 65000";
	int fd;

	if (getenv("BENCH_IN_PLACE"))	/* for a tracer that sees sockets of its own network only */
		return;
	/* An ordinary user gets a network in a user namespace of his own. In a container there may only be the container's. */
	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &loopback))
		fail("lo");
	close(fd);
	fd = open("/proc/sys/net/ipv4/ip_local_port_range", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, range, strlen(range)) < 0)
		fail("ip_local_port_range");
	close(fd);
}

#endif
