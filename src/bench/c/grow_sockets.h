/* SPDX-License-Identifier: Apache-2.0 */
/* Connections, each noted with both ends. */
#include <arpa/inet.h>
#include <netinet/in.h>

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
	socklen_t len;
};

static int port_of(const struct address *address)
{
	return ntohs(address->any.sa_family == AF_INET ? address->v4.sin_port : address->v6.sin6_port);
}

static int new_socket(int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		broken("socket");
	return fd;
}

/* A socket bound to loopback; listening or not. Some listeners share their port, some have never been bound. */
static int bound(int family, struct address *address, bool listening)
{
	int fd = new_socket(family), on = 1;
	int kind = listening ? dice(4) : 2;

	memset(address, 0, sizeof(*address));
	address->any.sa_family = (sa_family_t)family;
	if (family == AF_INET) {
		address->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		address->len = sizeof(address->v4);
	} else {
		address->v6.sin6_addr = in6addr_loopback;
		address->len = sizeof(address->v6);
	}
	if (kind == 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)))
		broken("SO_REUSEPORT");
	if ((kind != 1 && bind(fd, &address->any, address->len)) || (listening && listen(fd, 8)) ||
	    getsockname(fd, &address->any, &address->len))
		broken("bind");
	return fd;
}

static struct end *new_end(void)
{
	int i = __atomic_fetch_add(&truth->ends, 1, __ATOMIC_RELAXED);

	if (i >= MAX_CONNECTIONS) {
		errno = ENOSPC;
		broken("connections");
		exit(125);
	}
	return &truth->end[i];
}

static void note(int client_pid, int server_pid, int client_port, int server_port, int to_server, int to_client,
		 int outcome, int family)
{
	*new_end() = (struct end){ client_pid, 0, client_port, server_port, to_server, to_client, outcome, family };
	if (outcome != REFUSED)
		*new_end() = (struct end){ server_pid, 1, server_port, client_port, to_client, to_server, outcome, family };
}

static void move(int from, int to, int bytes)
{
	char buffer[4096];

	while (bytes > 0) {
		int n = bytes < (int)sizeof(buffer) ? bytes : (int)sizeof(buffer);
		int got = 0;

		memset(buffer, 'x', (size_t)n);
		if (write(from, buffer, (size_t)n) != n)
			return broken("write");
		while (got < n) {
			ssize_t more = read(to, buffer, (size_t)(n - got));

			if (more <= 0)
				return broken("read");
			got += (int)more;
		}
		bytes -= n;
	}
}

static int port_at(int fd)
{
	struct address address = { .len = sizeof(address.v6) };

	if (getsockname(fd, &address.any, &address.len))
		broken("getsockname");
	return port_of(&address);
}

/* A pair of connected sockets of this process. */
static int connected(int family, int *server, int *server_port)
{
	struct address address;
	int listener = bound(family, &address, true);
	int client = new_socket(family);

	if (connect(client, &address.any, address.len))
		broken("connect");
	*server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (*server < 0)
		broken("accept");
	*server_port = port_of(&address);
	close(listener);
	return client;
}

static void talk_to_oneself(int family)
{
	int server, port, up = dice(20000), down = dice(20000);
	int client = connected(family, &server, &port);

	note(getpid(), getpid(), port_at(client), port, up, down, CLOSED, family);
	move(client, server, up);
	move(server, client, down);
	if (dice(2)) {
		close(client);
		close(server);
	} else {
		close(server);
		close(client);
	}
}

static void be_refused(int family)
{
	struct address address;
	int placeholder = bound(family, &address, false);
	int client = new_socket(family);
	struct address own;
	int holder = bound(family, &own, false);

	close(holder);
	if (bind(client, &own.any, own.len))
		broken("bind client");
	note(getpid(), 0, port_of(&own), port_of(&address), 0, 0, REFUSED, family);
	if (!connect(client, &address.any, address.len) || errno != ECONNREFUSED)
		broken("refused");
	close(client);
	close(placeholder);
}

static void reset(int family)
{
	struct linger now = { 1, 0 };
	int server, port, up = dice(1000);
	int client = connected(family, &server, &port);

	note(getpid(), getpid(), port_at(client), port, up, 0, RESET, family);
	move(client, server, up);
	setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(client);
	close(server);
}

/* Passes one open file to the child at the other end of a Unix socket, or takes one (fd < 0). */
static int pass(int channel, int fd)
{
	char byte = 'p', control[CMSG_SPACE(sizeof(int))] = "";
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	if (fd < 0) {
		if (recvmsg(channel, &message, MSG_CMSG_CLOEXEC) != 1)
			broken("recvmsg");
		memcpy(&fd, CMSG_DATA(header), sizeof(int));
		return fd;
	}
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(int));
	if (sendmsg(channel, &message, 0) != 1)
		broken("sendmsg");
	return fd;
}

static struct process *new_child(int way);
static void become(struct process *child);

/* Ends a child that only served, and looks at it. */
static void reap(pid_t pid, struct process *child)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || status != child->status)
		broken("server child");
}

/* A child accepts from the listener that it has inherited, and serves; the parent is the client. */
static void be_served(int family)
{
	struct address address;
	struct process *child = new_child(20);
	int up = dice(20000), down = dice(20000), listener, client, channel[2];
	bool server_first = dice(2);
	pid_t pid;
	char byte = 0;

	if (!child)
		return;
	listener = bound(family, &address, true);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel))
		broken("socketpair");
	pid = fork();
	if (!pid) {
		int server, left;
		char buffer[4096];

		become(child);
		server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		for (left = up; left > 0;) {
			ssize_t n = read(server, buffer, sizeof(buffer));

			if (n <= 0)
				break;
			left -= (int)n;
		}
		memset(buffer, 'y', sizeof(buffer));
		for (left = down; left > 0;) {
			ssize_t n = write(server, buffer, left < 4096 ? (size_t)left : 4096);

			if (n <= 0)
				break;
			left -= (int)n;
		}
		close(channel[0]);
		if (!server_first && read(channel[1], &byte, 1) < 0)	/* until the client has closed */
			broken("channel");
		self->status = 20 << 8;
		if (dice(2))
			close(server);
		_exit(20);	/* closes it otherwise */
	}
	close(channel[1]);
	close(listener);
	client = new_socket(family);
	if (connect(client, &address.any, address.len))
		broken("connect to child");
	note(getpid(), pid, port_at(client), port_of(&address), up, down, CLOSED, family);
	for (int left = up; left > 0;) {
		char buffer[4096] = "";
		ssize_t n = write(client, buffer, left < 4096 ? (size_t)left : 4096);

		if (n <= 0) {
			broken("write to child");
			break;
		}
		left -= (int)n;
	}
	for (int left = down; left > 0;) {
		char buffer[4096];
		ssize_t n = read(client, buffer, sizeof(buffer));

		if (n <= 0) {
			broken("read from child");
			break;
		}
		left -= (int)n;
	}
	if (server_first)
		reap(pid, child);
	close(client);
	close(channel[0]);
	if (!server_first)
		reap(pid, child);
}

/* This process accepts and passes the connection on; who gets it closes it last and is its owner. */
static void hand_over(int family)
{
	struct process *child = new_child(21);
	int channel[2], server, client, port, up = dice(5000);
	pid_t pid;

	if (!child)
		return;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel))
		broken("socketpair");
	pid = fork();
	if (!pid) {
		char byte;

		become(child);
		close(channel[0]);
		server = pass(channel[1], -1);
		if (read(channel[1], &byte, 1) != 1)	/* the parent has closed its own */
			broken("go");
		close(server);
		self->status = 21 << 8;
		_exit(21);
	}
	close(channel[1]);
	client = connected(family, &server, &port);
	note(getpid(), pid, port_at(client), port, up, 0, CLOSED, family);
	move(client, server, up);
	pass(channel[0], server);
	close(server);
	if (write(channel[0], "g", 1) != 1)
		broken("go");
	reap(pid, child);
	close(client);
	close(channel[0]);
}

/* A child inherits both ends and closes them after the parent has: the client's end still belongs to who connected. */
static void bequeath(int family)
{
	struct process *child;
	int server, port, client, gate[2], up = dice(5000);
	pid_t pid;
	char byte;

	child = new_child(22);
	if (!child)
		return;
	client = connected(family, &server, &port);
	if (pipe2(gate, O_CLOEXEC))
		broken("pipe");
	pid = fork();
	if (!pid) {
		become(child);
		close(gate[1]);
		if (read(gate[0], &byte, 1) != 0)
			broken("gate");
		move(client, server, up);
		close(client);
		close(server);
		self->status = 22 << 8;
		_exit(22);
	}
	note(getpid(), pid, port_at(client), port, up, 0, CLOSED, family);
	close(client);
	close(server);
	close(gate[0]);
	close(gate[1]);
	reap(pid, child);
}

static void use_sockets(void)
{
	int family = dice(3) ? AF_INET : AF_INET6;

	switch (dice(6)) {
	case 0:
		return talk_to_oneself(family);
	case 1:
		return be_refused(family);
	case 2:
		return reset(family);
	case 3:
		return be_served(family);
	case 4:
		return hand_over(family);
	default:
		return bequeath(family);
	}
}
