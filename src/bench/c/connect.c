/* SPDX-License-Identifier: Apache-2.0 */
/* connect N: N loopback connections in one thread: connect, accept, a byte each way, close both. */
#include "network.h"
#include "timed.h"
#include <arpa/inet.h>
#include <netinet/in.h>

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 20000;
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	long long wall;
	int listener;

	enter_network();
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) || listen(listener, 16) ||
	    getsockname(listener, (struct sockaddr *)&address, &length))
		fail("listen");
	wall = wall_ns();
	for (int i = 0; i < n; i++) {
		int client = socket(AF_INET, SOCK_STREAM, 0), server;
		char byte = 'x';

		if (client < 0 || connect(client, (struct sockaddr *)&address, length))
			fail("connect");
		server = accept(listener, NULL, NULL);
		if (server < 0)
			fail("accept");
		if (write(client, &byte, 1) != 1 || read(server, &byte, 1) != 1 || write(server, &byte, 1) != 1 ||
		    read(client, &byte, 1) != 1)
			fail("transfer");
		close(client);
		close(server);
	}
	report(wall);
	return 0;
}
