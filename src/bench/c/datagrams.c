/* SPDX-License-Identifier: Apache-2.0 */
/*
 * datagrams N udp|unconnected|unix: N datagrams to another process and back, none of them DNS: over loopback, by sockets that
 * are connected or not, or by Unix sockets.
 */
#include "network.h"
#include "timed.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>

static int bound(struct sockaddr_in *address)
{
	socklen_t length = sizeof(*address);
	int end = socket(AF_INET, SOCK_DGRAM, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (end < 0 || bind(end, (struct sockaddr *)address, length) ||
	    getsockname(end, (struct sockaddr *)address, &length))
		fail("bind");
	return end;
}

/* Two sockets and, if they are not connected, their addresses. */
struct pair {
	int ends[2];
	struct sockaddr_in addresses[2];
	bool connected;
};

static void open_pair(struct pair *pair, const char *family)
{
	pair->connected = strcmp(family, "unconnected");
	if (!strcmp(family, "unix")) {
		if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair->ends))
			fail("socketpair");
		return;
	}
	enter_network();
	for (int i = 0; i < 2; i++)
		pair->ends[i] = bound(&pair->addresses[i]);
	for (int i = 0; i < 2 && pair->connected; i++)
		if (connect(pair->ends[i], (struct sockaddr *)&pair->addresses[!i], sizeof(pair->addresses[0])))
			fail("connect");
}

static void send_from(struct pair *pair, int end, const char *datagram, size_t size)
{
	struct sockaddr *to = pair->connected ? NULL : (struct sockaddr *)&pair->addresses[!end];

	if (sendto(pair->ends[end], datagram, size, 0, to, to ? sizeof(pair->addresses[0]) : 0) != (ssize_t)size)
		fail("sendto");
}

static void receive_at(struct pair *pair, int end, char *datagram, size_t size)
{
	if (recv(pair->ends[end], datagram, size, 0) != (ssize_t)size)
		fail("recv");
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 20000;
	char datagram[32] = "";
	struct pair pair;
	long long wall;
	pid_t echo;

	open_pair(&pair, argc > 2 ? argv[2] : "udp");
	echo = fork();
	while (!echo) {
		receive_at(&pair, 1, datagram, sizeof(datagram));
		send_from(&pair, 1, datagram, sizeof(datagram));
	}
	wall = wall_ns();
	for (int i = 0; i < n; i++) {
		send_from(&pair, 0, datagram, sizeof(datagram));
		receive_at(&pair, 0, datagram, sizeof(datagram));
	}
	report(wall);
	fflush(stdout);
	kill(echo, SIGKILL);
	waitpid(echo, NULL, 0);
	return 0;
}
