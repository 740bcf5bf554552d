/* SPDX-License-Identifier: Apache-2.0 */
/* datagrams N udp|unix: N datagrams to another process and back, over loopback, none of them DNS, or Unix sockets. */
#include "network.h"
#include "timed.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
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

static void connected(int ends[2])
{
	struct sockaddr_in here, there;

	enter_network();
	ends[0] = bound(&here);
	ends[1] = bound(&there);
	if (connect(ends[0], (struct sockaddr *)&there, sizeof(there)) ||
	    connect(ends[1], (struct sockaddr *)&here, sizeof(here)))
		fail("connect");
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 20000;
	char datagram[32] = "";
	long long wall;
	int ends[2];
	pid_t echo;

	if (argc < 3 || strcmp(argv[2], "unix"))
		connected(ends);
	else if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends))
		fail("socketpair");
	echo = fork();
	while (!echo)
		if (recv(ends[1], datagram, sizeof(datagram), 0) != sizeof(datagram) ||
		    send(ends[1], datagram, sizeof(datagram), 0) != sizeof(datagram))
			fail("echo");
	wall = wall_ns();
	for (int i = 0; i < n; i++)
		if (send(ends[0], datagram, sizeof(datagram), 0) != sizeof(datagram) ||
		    recv(ends[0], datagram, sizeof(datagram), 0) != sizeof(datagram))
			fail("ping");
	report(wall);
	fflush(stdout);
	kill(echo, SIGKILL);
	waitpid(echo, NULL, 0);
	return 0;
}
