/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * DNS over UDP: the query that a traced task sends, and the answer that comes for it, which the network stack receives
 * in nobody's context. Attached only while a session wants it. Messages must be in the linear part of the packet.
 */

#define DNS_PORT 53
#define DNS_HEADER_LEN 12
#define DNS_RESPONSE 0x80	/* the first bit of the third byte, RFC 1035 4.1.1 */
#define IPPROTO_UDP 17
#define IPV4_HEADER_LEN 20
#define IPV6_HEADER_LEN 40
#define UDP_HEADER_LEN 8
#define QUERY_LIFETIME 60000000000ULL

struct query_key {
	__u32 netns;
	__u16 port;		/* of the asker */
	__u16 id;
};

struct query {
	__u64 session;
	__u64 process;
	__u64 sequence;		/* of the query record */
	__u32 pid;
	__u32 host_pid;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct query_key);
	__type(value, struct query);
} queries SEC(".maps");

struct udp_header {
	__be16 source, dest, len, check;
};

/*
 * Queries that have no answer yet, or more: those that never get one, and those that have fallen out of the map, count
 * too, until a query comes a minute after the last one. While there are none, an arriving packet is not looked at.
 */
__u64 outstanding;
__u64 last_query;

/* A UDP datagram in a packet. */
struct datagram {
	void *payload;
	__u32 len;		/* of the payload, as far as it is linear */
	__u16 source, dest;
};

/* Reads the datagram whose header is at that place; false if it is too short for DNS. */
static __always_inline bool read_datagram(struct datagram *datagram, struct sk_buff *skb, void *at)
{
	struct udp_header udp;
	__u32 linear, len;

	if (bpf_probe_read_kernel(&udp, sizeof(udp), at))
		return false;
	datagram->source = bpf_ntohs(udp.source);
	datagram->dest = bpf_ntohs(udp.dest);
	datagram->payload = at + UDP_HEADER_LEN;
	len = bpf_ntohs(udp.len) - UDP_HEADER_LEN;
	linear = (void *)BPF_CORE_READ(skb, data) + (skb->len - skb->data_len) - datagram->payload;
	datagram->len = len < linear ? len : linear;
	return datagram->len >= DNS_HEADER_LEN && datagram->len <= 0xffff;
}

/* The UDP header behind an IPv4 or IPv6 header; null if there is none. */
static __always_inline void *udp_behind(void *ip)
{
	__u8 start[IPV4_HEADER_LEN];

	if (bpf_probe_read_kernel(start, sizeof(start), ip))
		return 0;
	if (start[0] >> 4 == 4 && start[9] == IPPROTO_UDP)
		return ip + (start[0] & 0xf) * 4;
	if (start[0] >> 4 == 6 && start[6] == IPPROTO_UDP)
		return ip + IPV6_HEADER_LEN;
	return 0;
}

/* Writes a DNS message of at most room bytes; room is a compile-time constant. */
static __always_inline bool emit_dns(struct st_session *session, struct query *query, enum st_type type,
				     __u64 sequence, struct datagram *datagram, __u32 room)
{
	struct st_dns *record = bpf_ringbuf_reserve(&ring, sizeof(*record) + room, 0);
	__u32 n = datagram->len;

	if (!record) {
		count_lost(session, type);
		return false;
	}
	fill_header(&record->header, 0, type, query->session, sequence, bpf_ktime_get_ns());
	record->header.process = query->process;
	record->header.host_pid = query->host_pid;
	record->header.pid = query->pid;
	record->query = query->sequence;
	if (n > room) {
		n = room;
		record->header.flags = ST_TRUNCATED;
	}
	if (bpf_probe_read_kernel(record->data, n, datagram->payload))
		n = 0;
	record->data_len = n;
	record->unused = 0;
	record->header.size = sizeof(*record) + n;
	submit(record, false);
	return true;
}

/* Before the packet leaves: its answer must find the query. */
static __always_inline void expect_answer(struct query_key *key, struct query *query)
{
	__u64 now = bpf_ktime_get_ns();
	bool known = bpf_map_lookup_elem(&queries, key);

	if (bpf_map_update_elem(&queries, key, query, 0))
		return;
	if (now - last_query > QUERY_LIFETIME)
		outstanding = 1;
	else if (!known)
		__sync_fetch_and_add(&outstanding, 1);
	last_query = now;
}

/*
 * A connected socket knows the port that its process sends to; in the packet it may be another one by now (a resolver
 * behind NAT, as Docker's is).
 */
SEC("tp_btf/net_dev_queue")
int BPF_PROG(on_send, struct sk_buff *skb)
{
	struct task_struct *task;
	struct sock *sk = skb->sk;
	struct st_session *session;
	struct datagram datagram;
	struct query_key key = {};
	struct query query = {};
	struct tag *tag;
	__be16 port;
	__u8 dns[4];

	if (!sk || sk->sk_protocol != IPPROTO_UDP)
		return 0;
	port = sk->__sk_common.skc_dport;
	if (port && port != bpf_htons(DNS_PORT))
		return 0;
	task = bpf_get_current_task_btf();
	tag = tag_of(task);
	if (!tag)
		return 0;
	session = session_of(tag->session);
	if (!session || !(session->settings & ST_WANT_DNS) ||
	    !read_datagram(&datagram, skb, (void *)BPF_CORE_READ(skb, head) + skb->transport_header) ||
	    (!port && datagram.dest != DNS_PORT) || bpf_probe_read_kernel(dns, sizeof(dns), datagram.payload) ||
	    dns[2] & DNS_RESPONSE)
		return 0;
	query.session = tag->session;
	query.process = tag->process;
	query.pid = tag->pid;
	query.host_pid = task->tgid;
	query.sequence = next_sequence(session);
	if (!emit_dns(session, &query, ST_DNS_QUERY, query.sequence, &datagram, ST_DNS_QUERY_LEN))
		return 0;
	key.netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	key.port = datagram.source;
	key.id = dns[0] << 8 | dns[1];
	expect_answer(&key, &query);
	return 0;
}

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(on_receive, struct sk_buff *skb)
{
	struct st_session *session;
	struct datagram datagram;
	struct query_key key = {};
	struct query *query;
	struct query copy;
	__u8 dns[4];
	void *udp;

	if (!outstanding)
		return 0;
	udp = udp_behind((void *)BPF_CORE_READ(skb, data));
	if (!udp || !read_datagram(&datagram, skb, udp) || datagram.source != DNS_PORT ||
	    bpf_probe_read_kernel(dns, sizeof(dns), datagram.payload) || !(dns[2] & DNS_RESPONSE))
		return 0;
	key.netns = BPF_CORE_READ(skb, dev, nd_net.net, ns.inum);
	key.port = datagram.dest;
	key.id = dns[0] << 8 | dns[1];
	query = bpf_map_lookup_elem(&queries, &key);
	if (!query)
		return 0;
	copy = *query;
	if (!bpf_map_delete_elem(&queries, &key))
		__sync_fetch_and_add(&outstanding, -1);
	session = session_of(copy.session);
	if (!session)
		return 0;
	if (datagram.len <= ST_DNS_QUERY_LEN)
		emit_dns(session, &copy, ST_DNS_ANSWER, next_sequence(session), &datagram, ST_DNS_QUERY_LEN);
	else
		emit_dns(session, &copy, ST_DNS_ANSWER, next_sequence(session), &datagram, ST_DNS_ANSWER_LEN);
	return 0;
}
