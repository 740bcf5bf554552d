/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls that make TCP connections and listeners, which the filter catches (ptracer_filter.c). What the sockets
 * are is asked of a copy of the descriptor, which is closed at once.
 */
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include "ptracer_sockets.h"

#define SO_COOKIE_OPTION 57
#define SO_BINDTOIFINDEX_OPTION 62

/* Returns a copy of a process's descriptor; the caller closes it at once, since it would keep the socket open. */
static int copy_descriptor(pid_t pid, int fd)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0), copy;

	if (pidfd < 0)
		return -1;
	copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	close(pidfd);
	return copy;
}

static int option_of(int fd, int level, int name)
{
	socklen_t length = sizeof(int);
	int value = -1;

	getsockopt(fd, level, name, &value, &length);
	return value;
}

static void fill_address(__u8 address[ST_ADDRESS_LEN], __u16 *port, const struct sockaddr_storage *from)
{
	const struct sockaddr_in *v4 = (const void *)from;
	const struct sockaddr_in6 *v6 = (const void *)from;

	if (from->ss_family == AF_INET6) {
		memcpy(address, &v6->sin6_addr, ST_ADDRESS_LEN);
		*port = ntohs(v6->sin6_port);
	} else if (from->ss_family == AF_INET) {
		memset(address, 0, 10);
		memset(address + 10, 0xff, 2);
		memcpy(address + 12, &v4->sin_addr, 4);
		*port = ntohs(v4->sin_port);
	}
}

static void count_untracked(__u64 id)
{
	struct st_session *session = session_of(id);

	if (session)
		__atomic_add_fetch(&session->untracked, 1, __ATOMIC_RELAXED);
}

/* What the socket behind a descriptor is now. */
struct look {
	__u64 cookie;
	struct tcp_info info;
	struct sockaddr_storage local, peer;
	int family;
	int device;
};

/* Returns false if it is no TCP socket. */
static bool look_at_socket(pid_t pid, int number, struct look *look)
{
	socklen_t length = sizeof(look->cookie);
	int fd = copy_descriptor(pid, number);
	bool found;

	memset(look, 0, sizeof(*look));
	if (fd < 0)
		return false;
	look->family = option_of(fd, SOL_SOCKET, SO_DOMAIN);
	found = (look->family == AF_INET || look->family == AF_INET6) &&
		option_of(fd, SOL_SOCKET, SO_PROTOCOL) == IPPROTO_TCP &&
		!getsockopt(fd, SOL_SOCKET, SO_COOKIE_OPTION, &look->cookie, &length);
	if (found) {
		length = sizeof(look->info);
		getsockopt(fd, IPPROTO_TCP, TCP_INFO, &look->info, &length);
		look->device = option_of(fd, SOL_SOCKET, SO_BINDTOIFINDEX_OPTION);
		length = sizeof(look->local);
		getsockname(fd, (struct sockaddr *)&look->local, &length);
		length = sizeof(look->peer);
		getpeername(fd, (struct sockaddr *)&look->peer, &length);
	}
	close(fd);
	return found;
}

static void fill_endpoints(struct socket_entry *entry, const struct look *look)
{
	entry->family = (__u16)look->family;
	entry->device = look->device < 0 ? 0 : (__u32)look->device;
	fill_address(entry->local, &entry->local_port, &look->local);
	fill_address(entry->peer, &entry->peer_port, &look->peer);
}

/* Reads the address that connect(2) was called with. */
static void read_peer(pid_t pid, const __u64 arguments[6], struct sockaddr_storage *peer)
{
	struct iovec local = { peer, sizeof(*peer) }, remote = { (void *)arguments[1], sizeof(*peer) };

	if (arguments[2] < sizeof(*peer))
		local.iov_len = remote.iov_len = (size_t)arguments[2];
	if (process_vm_readv(pid, &local, 1, &remote, 1, 0) < (ssize_t)sizeof(struct sockaddr_in))
		peer->ss_family = AF_UNSPEC;
}

/* An attempt that has failed has moved no payload. */
static const struct traffic nothing = { .known = true };

/*
 * An attempt has failed that connect(2) has not waited for. The kernel tells the program why, and nobody else: a peer
 * that refuses it has answered.
 */
static void fail_unheard(struct socket_entry *entry, const struct tcp_info *info)
{
	entry->error = info->tcpi_segs_in ? ECONNREFUSED : ETIMEDOUT;
	record_end(entry, &nothing);
	set_pending(entry, false);
	entry->ended = true;
}

/* A connection that waits for its peer is not to be found any more: it has failed, or its socket is destroyed. */
void handshake_failed(struct socket_entry *entry)
{
	struct look look;

	if (!entry->in_call && look_at_socket(entry->owner.tgid, entry->fd, &look) && look.cookie == entry->cookie &&
	    look.info.tcpi_state == TCP_CLOSE)
		fail_unheard(entry, &look.info);
}

/* connect(2) has returned for a socket that is being connected already. */
static void connect_again(struct socket_entry *entry, const struct look *look, long long result)
{
	if (!entry->pending)
		return;
	if (entry->in_call)	/* the port may have been chosen meanwhile */
		fill_address(entry->local, &entry->local_port, &look->local);
	entry->in_call = false;
	if (!result || result == -EISCONN) {
		establish(entry, time_of_handshake(entry, look->info.tcpi_rtt));
	} else if (look->info.tcpi_state == TCP_CLOSE && result > -512) {
		entry->error = (__u32)-result;
		end_connection(entry, &nothing);
	}
}

/* The beginning of an attempt. Returns null if there is no memory. */
static struct socket_entry *begin_attempt(const struct task *task, const struct look *look)
{
	struct socket_entry *entry = add_socket(task->process, look->cookie);

	if (!entry) {
		count_untracked(task->process->session);
		return NULL;
	}
	entry->fd = (int)task->arguments[0];
	set_pending(entry, true);
	fill_endpoints(entry, look);
	open_connection(entry, task->call_time, 0);
	return entry;
}

/* Whether connect(2) has tried to reach somebody. */
static bool is_attempt(const struct look *look, long long result)
{
	return (look->peer.ss_family == AF_INET || look->peer.ss_family == AF_INET6) &&
	       look->info.tcpi_state != TCP_LISTEN && result != -EINVAL && result != -EFAULT && result != -EAFNOSUPPORT &&
	       result != -EISCONN;
}

#define WAITS (-EALREADY)		/* connect(2) has not returned */

/* connect(2) has returned, or waits for the handshake. */
static void connected(const struct task *task, long long result)
{
	struct socket_entry *entry;
	struct look look;
	bool told;

	if (!look_at_socket(task->process->tgid, (int)task->arguments[0], &look))
		return;
	entry = find_socket(look.cookie);
	if (entry && result == WAITS)
		return;
	if (entry && !entry->ended) {
		connect_again(entry, &look, result);
		return;
	}
	if (entry) {
		told = result && look.info.tcpi_state == TCP_CLOSE;
		drop_socket(entry);
		if (told)
			return;
	}
	if (!look.peer.ss_family)
		read_peer(task->tid, task->arguments, &look.peer);
	if (!is_attempt(&look, result))
		return;
	entry = begin_attempt(task, &look);
	if (!entry)
		return;
	entry->in_call = result == WAITS;
	if (entry->in_call)
		return;
	if (!result || look.info.tcpi_state == TCP_ESTABLISHED || look.info.tcpi_state == TCP_CLOSE_WAIT) {
		establish(entry, result ? time_of_handshake(entry, look.info.tcpi_rtt) : now());
	} else if (look.info.tcpi_state == TCP_CLOSE && result == -EINPROGRESS) {
		fail_unheard(entry, &look.info);
	} else if (look.info.tcpi_state == TCP_CLOSE) {
		entry->error = result > -512 ? (__u32)-result : EINTR;
		end_connection(entry, &nothing);
	}
}

/* Adds the socket of a descriptor. Returns null if it is none of TCP, if it is known, or if there is no memory. */
static struct socket_entry *add_new(const struct task *task, int fd)
{
	struct socket_entry *entry;
	struct look look;

	if (!look_at_socket(task->process->tgid, fd, &look) || find_socket(look.cookie))
		return NULL;
	entry = add_socket(task->process, look.cookie);
	if (entry)
		fill_endpoints(entry, &look);
	else
		count_untracked(task->process->session);
	return entry;
}

static void accepted(const struct task *task, long long result)
{
	struct socket_entry *entry = result < 0 ? NULL : add_new(task, (int)result);

	if (!entry)
		return;
	entry->established = now();
	open_connection(entry, entry->established, ST_SERVER);
}

static void listened(const struct task *task, long long result)
{
	struct socket_entry *entry = result ? NULL : add_new(task, (int)task->arguments[0]);

	if (entry)
		open_listener(entry);
}

static void shut(const struct task *task)
{
	struct socket_entry *entry;
	struct look look;

	if (!look_at_socket(task->process->tgid, (int)task->arguments[0], &look))
		return;
	entry = find_socket(look.cookie);
	if (entry)
		entry->shut = true;
}

/* A call that the filter has caught has returned. */
void call_ended(const struct task *task, long long result)
{
	if (!task->process || !session_of(task->process->session))
		return;
	if (task->call == SYS_connect)
		connected(task, result);
	else if (task->call == SYS_listen)
		listened(task, result);
	else if (task->call == SYS_shutdown)
		shut(task);
	else
		accepted(task, result);
}

/* A call has not returned for some time: a connection that waits for its peer is open meanwhile. */
void call_waits(const struct task *task)
{
	if (task->call == SYS_connect && task->process && session_of(task->process->session))
		connected(task, WAITS);
}
