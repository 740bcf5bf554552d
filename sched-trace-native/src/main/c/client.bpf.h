/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Tags threads of the client of the daemon, which has the kernel go through the client's threads with this program.
 * The daemon names the process by its pid, and the client the thread by its tid; neither is trusted. Only a thread of
 * the process that has connected is tagged, and only if the user may read that process.
 */
#ifndef SCHEDTRACE_CLIENT_BPF_H
#define SCHEDTRACE_CLIENT_BPF_H

#include "control.h"
#include "iterators.bpf.h"
#include "kernel.h"
#include "secrets.bpf.h"
#include "tag.bpf.h"
#include "tags.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct st_client_request);
} client SEC(".maps");

/* When the process that has connected was started: no later process with its pid is taken for it. 0 = not known yet. */
__u64 client_start;

/* Whether a process has that number in the pid namespace of the daemon, which is the current process. */
static __always_inline bool has_pid(struct task_struct *leader, __u32 pid)
{
	struct task_struct *daemon = bpf_get_current_task_btf();

	return pid && pid_at(BPF_CORE_READ(leader, thread_pid), BPF_CORE_READ(daemon, thread_pid, level)) == pid;
}

/*
 * Takes over the namespaces and capabilities of the client. Since the daemon has its ids from the socket, they must
 * still be the same.
 */
static __always_inline int meet(struct task_struct *leader)
{
	const struct cred *cred = BPF_CORE_READ(leader, real_cred);

	user_netns = BPF_CORE_READ(leader, nsproxy, net_ns, ns.inum);
	user_userns = BPF_CORE_READ(cred, user_ns, ns.inum);
	bpf_core_read(&user_caps, sizeof(user_caps), &cred->cap_effective);
	if (!has_ids_of_user(cred) || !may_read(leader))
		return ST_TAG_REFUSED;
	client_start = BPF_CORE_READ(leader, start_time);
	return ST_TAG_DONE;
}

SEC("iter/task")
int tag_client(struct bpf_iter__task *context)
{
	struct task_struct *task = context->task, *leader;
	struct st_client_request *request;
	__u32 zero = 0;

	request = bpf_map_lookup_elem(&client, &zero);
	if (!task || !request || request->result != ST_TAG_NOT_FOUND)
		return 0;
	leader = BPF_CORE_READ(task, group_leader);
	if (!has_pid(leader, request->process))
		return 0;
	if (request->kind == ST_TAG_MEET) {
		request->result = meet(leader);
		return 0;
	}
	if (innermost_pid(BPF_CORE_READ(task, thread_pid)) != request->thread)
		return 0;
	if (!client_start || BPF_CORE_READ(leader, start_time) != client_start || !may_read(task))
		request->result = ST_TAG_REFUSED;
	else
		request->result = tag_task(task, request->session, request->kind, request->span);
	return 0;
}

#endif
