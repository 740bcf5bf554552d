/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The tags of traced tasks, in task storage. */
#ifndef SCHEDTRACE_TAGS_BPF_H
#define SCHEDTRACE_TAGS_BPF_H

#include "kernel.h"
#include "record.h"
#include "secrets.bpf.h"
#include "sessions.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct tag {
	__u64 session;		/* 0 = none besides the launch */
	__u64 process;		/* 0 = a thread of the tracing JVM */
	__u64 parent;
	__u64 launch;		/* the session of the process that a JVM thread is about to launch; 0 = none */
	__u64 span;		/* the span id for that process */
	__u32 pid;		/* in the innermost pid namespace */
	__u32 ppid;
	__u32 execs;
	__u32 exec_id;		/* self_exec_id of the last exec that was seen, or of the fork */
	__u64 last_child;	/* start_time of the newest process or thread that the task has created */
	enum st_flag flags;	/* of all process records: ST_LAUNCHED, ST_HIDDEN */
	/* Only the tag of the group leader holds these three. */
	__u32 threads;
	__u32 ended;
	__u32 lossy;
	__u64 lookup_name;	/* the arguments of getaddrinfo(3) while this thread is in it */
	__u64 lookup_result;
	bool borrowed;		/* session is that of the whole JVM (jvm_session); process is 0 */
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tag);
} tags SEC(".maps");

/*
 * The tracing JVM, and the session that its threads use if they have no open one of their own: tag_thread() sets them.
 * These programs are loaded for one JVM, and go with it.
 */
int jvm;		/* in the initial pid namespace; 0 = none of its threads has asked for that */
__u64 jvm_session;

/* Whether a thread of a tracing JVM uses the session of its process. */
static __always_inline bool borrows(struct tag *tag)
{
	return tag->borrowed || (!tag->process && !open_session(tag->session));
}

/*
 * Returns the tag that a task has, or that a thread of a tracing JVM gets here because it uses the session of its
 * process.
 */
static __always_inline struct tag *own_tag(struct task_struct *task)
{
	struct tag *tag = bpf_task_storage_get(&tags, task, 0, 0);

	if (task->tgid != jvm || (tag && !borrows(tag)))
		return tag;
	if (!tag)
		tag = bpf_task_storage_get(&tags, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (tag) {
		tag->session = jvm_session;
		tag->borrowed = true;
	}
	return tag;
}

/*
 * Returns the tag of a task. A thread that the kernel has created for a process, as for io_uring(7), has no tag of
 * its own and uses that of the process.
 */
static __always_inline struct tag *tag_of(struct task_struct *task)
{
	struct tag *tag = own_tag(task);

	if (tag || task->pid == task->tgid)
		return tag;
	tag = bpf_task_storage_get(&tags, task->group_leader, 0, 0);
	return tag && tag->process ? tag : 0;
}

/*
 * Returns the open session of the current task's tag if it has that setting and what the task reads is not withheld,
 * else null.
 */
static __always_inline struct st_session *session_that_wants(struct tag *tag, enum st_setting setting)
{
	struct st_session *session = tag ? session_of(tag->session) : 0;

	return session && session->settings & setting && !is_withheld() ? session : 0;
}

/* The level of the tracing JVM's pid namespace; tag_thread() sets it. */
__u32 tracer_pid_level = 0;

/*
 * Returns the number of a process in the pid namespace of that level; 0 if the namespace does not contain the
 * process.
 */
static __always_inline __u32 pid_at(struct pid *pid, __u32 level)
{
	__u32 nr = 0;

	if (level > BPF_CORE_READ(pid, level))
		return 0;
	bpf_core_read(&nr, sizeof(nr),
		      (void *)pid + bpf_core_field_offset(struct pid, numbers) +
			      level * bpf_core_type_size(struct upid) + bpf_core_field_offset(struct upid, nr));
	return nr;
}

static __always_inline __u32 innermost_pid(struct pid *pid)
{
	return pid_at(pid, BPF_CORE_READ(pid, level));
}

#endif
