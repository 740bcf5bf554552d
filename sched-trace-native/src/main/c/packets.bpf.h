/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * DNS answers before Linux 6.3, from the tracepoint that fires when a task has finished with a packet
 * (skb_consume_udp() in net/ipv4/udp.c). Only linear UDP packets are read.
 */
#ifndef SCHEDTRACE_PACKETS_BPF_H
#define SCHEDTRACE_PACKETS_BPF_H

#include "dns.bpf.h"
#include "kernel.h"
#include "record.h"
#include "tags.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define IPV4_HEADER_LEN 20
#define IPV6_HEADER_LEN 40
#define UDP_HEADER_LEN 8

struct udp_header {
	__be16 source, dest, len, check;
};

/* Returns the UDP header behind an IPv4 or IPv6 header; null if there is none. */
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

/*
 * If data points to the payload, the task has read the packet from a socket; other packets are freed in any task's
 * context.
 */
SEC("tp_btf/consume_skb")
int BPF_PROG(on_packet_read, struct sk_buff *skb)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tag *tag = tag_of(task);
	struct st_session *session = session_that_wants(tag, ST_WANT_DNS);
	struct message message = { .in_packet = true };
	void *head, *udp_at;
	struct udp_header udp;
	__u8 start[DNS_LEAST_LEN];
	__u64 linear;

	if (!session)
		return 0;
	head = (void *)BPF_CORE_READ(skb, head);
	message.at = (void *)BPF_CORE_READ(skb, data);
	udp_at = head + skb->transport_header;
	if (message.at != udp_at + UDP_HEADER_LEN || udp_at != udp_behind(head + skb->network_header) ||
	    bpf_probe_read_kernel(&udp, sizeof(udp), udp_at) || udp.source != bpf_htons(DNS_PORT))
		return 0;
	message.len = bpf_ntohs(udp.len) - UDP_HEADER_LEN;
	linear = skb->len - skb->data_len;
	if (message.len > linear)
		message.len = linear;
	if (message.len < DNS_LEAST_LEN || message.len > 0xffff ||
	    bpf_probe_read_kernel(start, sizeof(start), message.at) || !begins_answer(start))
		return 0;
	emit_answer(session, tag, task, &message);
	return 0;
}

#endif
