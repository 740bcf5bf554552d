/* SPDX-License-Identifier: Apache-2.0 */
/* The sockets of traced processes. */
#ifndef SCHEDTRACE_PTRACER_SOCKETS_H
#define SCHEDTRACE_PTRACER_SOCKETS_H

#include "ptracer_state.h"

/* Of include/net/tcp_states.h. */
enum tcp_state {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT = 2,
	TCP_FIN_WAIT2 = 5,
	TCP_TIME_WAIT = 6,
	TCP_CLOSE = 7,
	TCP_CLOSE_WAIT = 8,
	TCP_LISTEN = 10,
};

/* A connection or a listener that has not ended. */
struct socket_entry {
	struct socket_entry *next;	/* in its bucket */
	__u64 cookie;
	struct process owner;	/* a copy of the process that has made it; its flags are those of the records */
	__u64 number;		/* the sequence of its first record */
	__u64 start;
	__u64 established;	/* 0 = not (yet) */
	ino_t network;		/* the namespace */
	__u32 error;
	__u32 device;
	__u16 family;
	__u16 local_port;
	__u16 peer_port;
	__u8 local[ST_ADDRESS_LEN];
	__u8 peer[ST_ADDRESS_LEN];
	bool listener;
	bool pending;		/* its handshake is not complete */
	bool ended;		/* its end is recorded, and the next connect(2) may only tell why */
	bool shut;		/* shutdown(2) has been called */
	bool in_call;		/* connect(2) waits for it, and will tell how it went */
	int fd;			/* the descriptor that connect(2) was called with */
};

/* What has passed over a connection that has ended. */
struct traffic {
	bool known;
	__u64 sent;
	__u64 received;
	__u32 rtt;
	__u32 retransmits;
};

/* ptracer_sockets.c */
void handshake_failed(struct socket_entry *entry);

/* ptracer_connections.c */
extern unsigned pending_handshakes;
struct socket_entry *add_socket(const struct process *process, __u64 cookie);
void set_pending(struct socket_entry *entry, bool pending);
void open_connection(struct socket_entry *entry, __u64 start, enum st_flag flags);
void open_listener(struct socket_entry *entry);
void record_end(struct socket_entry *entry, const struct traffic *traffic);
struct socket_entry *find_socket(__u64 cookie);
void for_each_socket(void (*call)(struct socket_entry *));
void establish(struct socket_entry *entry, __u64 time);
void drop_socket(struct socket_entry *entry);
void end_connection(struct socket_entry *entry, const struct traffic *traffic);
void end_listener(struct socket_entry *entry);
void lose_end(struct socket_entry *entry);
__u64 time_of_handshake(const struct socket_entry *entry, __u32 rtt);

/* ptracer_diag.c */
bool open_diag(void);
int diag_events(void);
void read_diag_events(void);
void look_at_handshake(struct socket_entry *entry);

#endif
