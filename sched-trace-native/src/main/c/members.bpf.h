/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The processes of all sessions that have not ended, from the kernel's list of tasks. It is right even if records
 * were lost or pids have been reused. The tracing JVM reads it as a file of struct st_member.
 */
#ifndef SCHEDTRACE_MEMBERS_BPF_H
#define SCHEDTRACE_MEMBERS_BPF_H

#include "control.h"
#include "iterators.bpf.h"
#include "tags.bpf.h"

SEC("iter/task")
int members(struct bpf_iter__task *context)
{
	struct task_struct *task = context->task;
	struct st_member member;
	struct tag *tag;

	if (!task || task->pid != task->tgid)
		return 0;
	tag = bpf_task_storage_get(&tags, task, 0, 0);
	if (!tag || !tag->process || tag->ended)
		return 0;
	member.session = tag->session;
	member.pid = pid_at(BPF_CORE_READ(task, thread_pid), tracer_pid_level);
	bpf_seq_write(context->meta->seq, &member, sizeof(member));
	return 0;
}

#endif
