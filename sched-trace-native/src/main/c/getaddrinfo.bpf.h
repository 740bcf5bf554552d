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
	struct tag *tag = own_tag(bpf_get_current_task_btf());

	if (session_that_wants(tag, ST_WANT_GETADDRINFO)) {
		tag->lookup_name = PARAMETER_1(regs);
		tag->lookup_result = PARAMETER_4(regs);
	}
	return 0;
}

#define MAX_ENTRIES 64	/* that are looked at for one record; an address has one for each socket type */
#define MAX_RECORDS 16	/* of one result */

/* Appends an address unless it is the last one, as in the entries for its other socket types. */
static __always_inline void add_address(struct st_name_resolved *record, struct addrinfo *info)
{
	__u32 n = record->count;
	__u64 address[2] = {}, *last;
	__u8 *bytes = (__u8 *)address;

	if (info->family == AF_INET) {
		bytes[10] = bytes[11] = 0xff;
		bpf_probe_read_user(bytes + 12, 4, info->addr + 4);
	} else {
		bpf_probe_read_user(bytes, 16, info->addr + 8);
	}
	if (n && n <= ST_ADDRESSES) {
		last = (__u64 *)record->addresses[n - 1];
		if (last[0] == address[0] && last[1] == address[1])
			return;
	}
	if (n < ST_ADDRESSES) {
		__builtin_memcpy(record->addresses[n], address, sizeof(address));
		record->count = n + 1;
	}
}

/*
 * Writes a record with the next addresses. lookup_result of the tag is the next entry of the list, and is moved on.
 * Returns 0 if the ring is full. It is a global function for the reason given in exec.bpf.h.
 */
__noinline int emit_resolved(struct tag *tag, struct st_session *session)
{
	struct st_name_resolved *record;
	struct addrinfo info;
	long n;

	if (!tag || !session)
		return 0;
	record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
	if (!record)
		return 0;
	fill_header(&record->header, sizeof(*record), ST_NAME_RESOLVED, tag->session, next_sequence(session),
		    bpf_ktime_get_ns());
	record->header.process = tag->process;
	record->header.pid = tag->pid;
	record->header.host_pid = bpf_get_current_pid_tgid() >> 32;
	n = bpf_probe_read_user_str(record->name, sizeof(record->name), (void *)tag->lookup_name);
	record->name_len = n > 0 ? n - 1 : 0;
	record->count = 0;
	for (int i = 0; i < MAX_ENTRIES && tag->lookup_result && record->count < ST_ADDRESSES; i++) {
		if (bpf_probe_read_user(&info, sizeof(info), (void *)tag->lookup_result)) {
			tag->lookup_result = 0;
			break;
		}
		add_address(record, &info);
		tag->lookup_result = (__u64)info.next;
	}
	submit(record, false);
	return 1;
}

SEC("uretprobe")
int on_looked_up(struct pt_regs *regs)
{
	struct tag *tag = own_tag(bpf_get_current_task_btf());
	struct st_session *session = session_that_wants(tag, ST_WANT_GETADDRINFO);

	if (!session || !tag->lookup_name || (__s32)RETURN_VALUE(regs) != EAI_OK ||
	    bpf_probe_read_user(&tag->lookup_result, sizeof(tag->lookup_result), (void *)tag->lookup_result))
		return 0;
	for (int i = 0; i < MAX_RECORDS && tag->lookup_result; i++)
		if (!emit_resolved(tag, session))
			break;
	if (tag->lookup_result) {
		next_sequence(session);
		count_lost(session, ST_NAME_RESOLVED);
	}
	return 0;
}

#endif
