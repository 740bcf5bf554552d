/* SPDX-License-Identifier: Apache-2.0 */
/* udp N: N datagrams to another process on loopback and back, none of them DNS. */
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

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 20000;
	struct sockaddr_in here, there;
	long long wall;
	char datagram[32] = "";
	int client, server;
	pid_t echo;

	enter_network();
	client = bound(&here);
	server = bound(&there);
	if (connect(client, (struct sockaddr *)&there, sizeof(there)) ||
	    connect(server, (struct sockaddr *)&here, sizeof(here)))
		fail("connect");
	echo = fork();
	while (!echo)
		if (recv(server, datagram, sizeof(datagram), 0) != sizeof(datagram) ||
		    send(server, datagram, sizeof(datagram), 0) != sizeof(datagram))
			fail("echo");
	wall = wall_ns();
	for (int i = 0; i < n; i++)
		if (send(client, datagram, sizeof(datagram), 0) != sizeof(datagram) ||
		    recv(client, datagram, sizeof(datagram), 0) != sizeof(datagram))
			fail("ping");
	report(wall);
	fflush(stdout);
	kill(echo, SIGKILL);
	waitpid(echo, NULL, 0);
	return 0;
}
