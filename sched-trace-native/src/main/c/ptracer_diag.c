/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel tells every user of TCP sockets (sock_diag(7)): that one is destroyed, with its counters; and how
 * one is. It tells that of the tracer's own network namespace.
 */
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "ptracer_sockets.h"

#define RECEIVE_BYTES (8 << 20)		/* for bursts of ends */

static int events = -1;
static int queries = -1;

static int open_netlink(unsigned groups)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG), bytes = RECEIVE_BYTES;

	if (fd >= 0 && !bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

bool open_diag(void)
{
	events = open_netlink(1 << (SKNLGRP_INET_TCP_DESTROY - 1) | 1 << (SKNLGRP_INET6_TCP_DESTROY - 1));
	queries = open_netlink(0);
	return events >= 0 && queries >= 0;
}

int diag_events(void)
{
	return events;
}

/* Finds the counters and what the socket has shut down in a message. */
static const struct tcp_info *counters_of(const struct nlmsghdr *header, struct tcp_info *info)
{
	const struct inet_diag_msg *message = NLMSG_DATA(header);
	const struct nlattr *attribute = (const void *)(message + 1);
	size_t left = header->nlmsg_len - NLMSG_LENGTH(sizeof(*message));

	memset(info, 0, sizeof(*info));
	while (left >= sizeof(*attribute) && attribute->nla_len >= sizeof(*attribute) && attribute->nla_len <= left) {
		size_t length = attribute->nla_len - sizeof(*attribute), step = NLA_ALIGN(attribute->nla_len);

		if (attribute->nla_type == INET_DIAG_INFO) {
			memcpy(info, attribute + 1, length < sizeof(*info) ? length : sizeof(*info));
			return info;
		}
		if (step >= left)
			break;
		left -= step;
		attribute = (const void *)((const char *)attribute + step);
	}
	return NULL;
}

static void fill_query(struct inet_diag_req_v2 *query, const struct socket_entry *entry)
{
	size_t at = entry->family == AF_INET ? 12 : 0;	/* IPv4 addresses are mapped ones */

	query->sdiag_family = (__u8)entry->family;
	query->sdiag_protocol = IPPROTO_TCP;
	query->idiag_states = ~0U;
	query->idiag_ext = 1 << (INET_DIAG_INFO - 1);
	query->id.idiag_sport = htons(entry->local_port);
	query->id.idiag_dport = htons(entry->peer_port);
	query->id.idiag_if = entry->device;
	memcpy(query->id.idiag_src, entry->local + at, ST_ADDRESS_LEN - at);
	memcpy(query->id.idiag_dst, entry->peer + at, ST_ADDRESS_LEN - at);
	query->id.idiag_cookie[0] = query->id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
}

/* Returns the state of the socket that has the addresses of a connection; 0 = there is none. */
static int state_of(const struct socket_entry *entry, __u64 *cookie, struct tcp_info *info)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 query;
	} request = {
		.header = { sizeof(request), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, 0, 0 },
	};
	_Alignas(8) char answer[4096];
	const struct nlmsghdr *header = (const void *)answer;
	const struct inet_diag_msg *message = NLMSG_DATA(header);
	ssize_t length;

	fill_query(&request.query, entry);
	if (send(queries, &request, sizeof(request), 0) < 0)
		return 0;
	length = recv(queries, answer, sizeof(answer), 0);
	if (length < (ssize_t)NLMSG_LENGTH(sizeof(*message)) || header->nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return 0;
	*cookie = (__u64)message->id.idiag_cookie[1] << 32 | message->id.idiag_cookie[0];
	counters_of(header, info);
	return message->idiag_state;
}

/* Whether the handshake of a connection has completed meanwhile. */
void look_at_handshake(struct socket_entry *entry)
{
	struct tcp_info info = { 0 };
	__u64 cookie = 0;
	int state;

	if (!entry->pending)
		return;
	state = state_of(entry, &cookie, &info);
	if (!state || cookie != entry->cookie)
		handshake_failed(entry);
	else if (state != TCP_SYN_SENT)
		establish(entry, time_of_handshake(entry, info.tcpi_rtt));
}

/*
 * Returns how many bytes the local side has received, of which the kernel counts the peer's FIN as one. unread are
 * the bytes that nobody has read. If this side has closed first, a FIN is either not read, or the timewait socket
 * receives it, and not this one. If it has only shut down first, the timewait socket shows the FIN.
 */
static __u64 received_by(const struct socket_entry *entry, const struct tcp_info *info, __u32 unread, bool fin_acked)
{
	struct tcp_info other;
	__u64 cookie;
	int state;

	if (!info->tcpi_bytes_received || !fin_acked)
		return info->tcpi_bytes_received;
	if (unread)
		return info->tcpi_bytes_received - 1;
	state = state_of(entry, &cookie, &other);	/* may be that of the listener, too */
	if (state == TCP_FIN_WAIT2 || (state == TCP_TIME_WAIT && !entry->shut))
		return info->tcpi_bytes_received;
	return info->tcpi_bytes_received - 1;
}

/* The socket of a connection is destroyed. */
static void destroyed(struct socket_entry *entry, const struct inet_diag_msg *message, const struct tcp_info *info)
{
	bool server = entry->owner.flags & ST_SERVER;
	__u64 acked = info->tcpi_bytes_acked - (!server && info->tcpi_bytes_acked ? 1 : 0);
	struct traffic traffic = {
		.known = true,
		.sent = info->tcpi_bytes_sent - info->tcpi_bytes_retrans,
		.rtt = info->tcpi_rtt,
		.retransmits = info->tcpi_total_retrans,
	};
	bool fin_acked = acked > traffic.sent;

	if (entry->pending && info->tcpi_bytes_acked)
		establish(entry, time_of_handshake(entry, info->tcpi_rtt));
	if (entry->pending) {
		entry->error = info->tcpi_segs_in ? ECONNREFUSED : 0;
	} else {
		traffic.received = received_by(entry, info, message->idiag_rqueue, fin_acked);
		/* An abort by the local side clears all counters (tcp_disconnect()). */
		traffic.known = info->tcpi_bytes_acked || info->tcpi_rtt || info->tcpi_bytes_received;
		/* This side has sent RST if it has cleared the counters, or has not read everything; else the peer has. */
		if (!fin_acked && (!traffic.known || message->idiag_rqueue))
			entry->owner.flags |= ST_ABORTED;
		else if (!fin_acked)
			entry->error = ECONNRESET;
	}
	end_connection(entry, &traffic);
}

static void lose_if_gone(struct socket_entry *entry)
{
	struct tcp_info info;
	__u64 cookie = 0;

	if (state_of(entry, &cookie, &info) && cookie == entry->cookie)
		return;
	if (entry->ended)
		drop_socket(entry);
	else
		lose_end(entry);
}

/* Reads which sockets have been destroyed. Those that the kernel had no room to tell of are looked for. */
void read_diag_events(void)
{
	static _Alignas(8) char bytes[65536];
	ssize_t left = recv(events, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (left < 0 && errno == ENOBUFS)
		for_each_socket(lose_if_gone);

	for (const struct nlmsghdr *header = (const void *)bytes; left > 0 && NLMSG_OK(header, (size_t)left);
	     header = NLMSG_NEXT(header, left)) {
		const struct inet_diag_msg *message = NLMSG_DATA(header);
		struct socket_entry *entry;
		struct tcp_info info;

		if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY)
			continue;
		entry = find_socket((__u64)message->id.idiag_cookie[1] << 32 | message->id.idiag_cookie[0]);
		if (!entry)
			continue;
		if (entry->ended)
			drop_socket(entry);
		else if (entry->listener)
			end_listener(entry);
		else if (counters_of(header, &info))
			destroyed(entry, message, &info);
		else
			lose_end(entry);
	}
}
