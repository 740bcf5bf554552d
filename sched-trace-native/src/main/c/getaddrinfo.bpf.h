/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Results of getaddrinfo(3) in traced tasks, from a uprobe and a uretprobe on the C library of the tracing JVM. They
 * are attached only while a session wants them.
 */
#ifndef SCHEDTRACE_GETADDRINFO_BPF_H
#define SCHEDTRACE_GETADDRINFO_BPF_H

#include "kernel.h"
#include "record.h"
#include "sessions.bpf.h"
#include "tags.bpf.h"
#include <bpf/bpf_helpers.h>

#define EAI_OK 0

/* netdb.h, the same in glibc and musl on 64-bit systems */
struct addrinfo {
	__s32 flags, family, socktype, protocol;
	__u32 addrlen;
	void *addr;
	char *canonname;
	struct addrinfo *next;
};

struct in_sockaddr {
	__u16 family, port;
	__u8 ipv4[4];	/* an IPv6 address begins at byte 8 */
};

SEC("uprobe")
int on_lookup(struct pt_regs *regs)
{
	struct tag *tag = bpf_task_storage_get(&tags, bpf_get_current_task_btf(), 0, 0);

	if (session_that_wants(tag, ST_WANT_GETADDRINFO)) {
		tag->lookup_name = PARAMETER_1(regs);
		tag->lookup_result = PARAMETER_4(regs);
	}
	return 0;
}

static __always_inline __u32 fill_resolved(struct st_name_resolved *record, struct addrinfo *next)
{
	struct addrinfo info;
	__u32 n = 0;

	for (int i = 0; i < ST_ADDRESSES; i++) {
		if (!next || bpf_probe_read_user(&info, sizeof(info), next))
			break;
		__builtin_memset(record->addresses[i], 0, 10);
		__builtin_memset(record->addresses[i] + 10, 0xff, 2);
		if (info.family == AF_INET)
			bpf_probe_read_user(record->addresses[i] + 12, 4, info.addr + 4);
		else
			bpf_probe_read_user(record->addresses[i], 16, info.addr + 8);
		n = i + 1;
		next = info.next;
	}
	return n;
}

SEC("uretprobe")
int on_looked_up(struct pt_regs *regs)
{
	struct tag *tag = bpf_task_storage_get(&tags, bpf_get_current_task_btf(), 0, 0);
	struct st_session *session = session_that_wants(tag, ST_WANT_GETADDRINFO);
	struct st_name_resolved *record;
	struct addrinfo *first = 0;
	long n;

	if (!session || !tag->lookup_name || (__s32)RETURN_VALUE(regs) != EAI_OK ||
	    bpf_probe_read_user(&first, sizeof(first), (void *)tag->lookup_result))
		return 0;
	record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
	if (!record) {
		next_sequence(session);
		count_lost(session, ST_NAME_RESOLVED);
		return 0;
	}
	fill_header(&record->header, sizeof(*record), ST_NAME_RESOLVED, tag->session, next_sequence(session),
		    bpf_ktime_get_ns());
	record->header.process = tag->process;
	record->header.pid = tag->pid;
	record->header.host_pid = bpf_get_current_pid_tgid() >> 32;
	n = bpf_probe_read_user_str(record->name, sizeof(record->name), (void *)tag->lookup_name);
	record->name_len = n > 0 ? n - 1 : 0;
	record->count = fill_resolved(record, first);
	submit(record, false);
	return 0;
}

#endif
