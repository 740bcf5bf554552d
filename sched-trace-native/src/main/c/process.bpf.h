/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Processes: fork and end. exec.bpf.h has what is between. */
#ifndef SCHEDTRACE_PROCESS_BPF_H
#define SCHEDTRACE_PROCESS_BPF_H

#include "kernel.h"
#include "record.h"
#include "secrets.bpf.h"
#include "sessions.bpf.h"
#include "tags.bpf.h"
#include "tracepoints.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/*
 * A new thread has the tag of the thread that creates it. A thread of the tracing JVM inherits only a session
 * that the creating thread has entered, or has inherited itself.
 */
static __always_inline void inherit_thread(struct tag *own, struct task_struct *parent, struct task_struct *child)
{
	struct tag copy = *own;
	struct tag *leader;
	struct st_session *session = open_session(own->session);

	if (own->borrowed || !session)
		return;
	copy.launch = 0;
	copy.span = 0;
	if (!bpf_task_storage_get(&tags, child, &copy, BPF_LOCAL_STORAGE_GET_F_CREATE))
		__sync_fetch_and_add(&session->untracked, 1);
	if (own->process) {
		leader = bpf_task_storage_get(&tags, parent->group_leader, 0, 0);
		if (leader)
			__sync_fetch_and_add(&leader->threads, 1);
	}
}

static __always_inline void fill_comm(char comm[ST_COMM_LEN], struct task_struct *task, enum st_flag flags)
{
	if (flags & ST_HIDDEN)
		__builtin_memset(comm, 0, ST_COMM_LEN);
	else
		bpf_probe_read_kernel(comm, ST_COMM_LEN, task->comm);
}

static __always_inline void forked(struct task_struct *parent, struct task_struct *child)
{
	struct tag *own = own_tag(parent);
	struct st_process_start *record;
	struct st_session *session;
	struct tag tag = {};
	struct tag *made;
	struct pid *pid;
	__u64 owner;
	__u32 level;

	if (!own || own->last_child == child->start_time)
		return;
	own->last_child = child->start_time;
	if (child->pid != child->tgid) {
		inherit_thread(own, parent, child);
		return;
	}
	tag.session = own->launch ? own->launch : own->session;
	session = session_of(tag.session);
	if (!session)
		return;
	pid = BPF_CORE_READ(child, thread_pid);
	level = BPF_CORE_READ(pid, level);
	tag.process = next_sequence(session);
	tag.parent = own->process;
	tag.pid = pid_at(pid, level);
	tag.ppid = pid_at(BPF_CORE_READ(parent, group_leader, thread_pid), level);
	tag.threads = 1;
	tag.exec_id = child->self_exec_id;
	tag.flags = (own->launch ? ST_LAUNCHED : 0) | (is_withheld() ? ST_HIDDEN : 0);

	made = bpf_task_storage_get(&tags, child, &tag, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (made)
		__sync_fetch_and_add(&session->processes, 1);
	else
		__sync_fetch_and_add(&session->untracked, 1);

	record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
	if (!record) {
		count_lost(session, ST_PROCESS_START);
		if (made)
			made->lossy = 1;
		return;
	}
	fill_header(&record->header, sizeof(*record), ST_PROCESS_START, tag.session, tag.process, bpf_ktime_get_ns());
	record->header.flags = tag.flags | (made ? 0 : ST_UNTRACKED);
	record->header.process = tag.process;
	record->header.host_pid = child->tgid;
	record->header.pid = tag.pid;
	record->parent = tag.parent;
	record->span = own->launch ? own->span : 0;
	record->ppid = tag.ppid;
	record->tracer_pid = pid_at(pid, tracer_pid_level);
	owner = bpf_get_current_uid_gid();
	record->uid = owner;
	record->gid = owner >> 32;
	fill_comm(record->comm, child, tag.flags);
	submit(record, false);
}

TRACEPOINT(sched_process_fork, on_fork, forked(parent, child), struct task_struct *parent, struct task_struct *child)

/*
 * The backup of on_fork since Linux 7, a moment later. Interrupts are off here (wake_up_new_task(),
 * kernel/sched/core.c), so this program cannot be running already and is never skipped. Kernel threads get here too.
 */
SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_wakeup_new, struct task_struct *child)
{
	if (!(child->flags & PF_USER_WORKER))
		forked(bpf_get_current_task_btf(), child);
	return 0;
}

/* Counts the execs that no program has seen. execs is their total number (begin_new_exec(), fs/exec.c). */
static __always_inline void count_missed_execs(struct st_session *session, struct tag *tag, __u32 execs)
{
#ifdef PREEMPTIBLE
	__u32 missed = execs - tag->exec_id;

	if (missed) {
		__sync_fetch_and_add(&session->made, missed);
		__sync_fetch_and_add(&session->lost[ST_PROCESS_EXEC], missed);
		tag->lossy = 1;
	}
#endif
}

/* Returns for any task what bpf_get_current_uid_gid() returns for the current one. */
static __always_inline __u64 ids_of(struct task_struct *task)
{
	return (__u64)BPF_CORE_READ(task, cred, gid.val) << 32 | BPF_CORE_READ(task, cred, uid.val);
}

/*
 * A thread has ended, possibly one that the kernel had created for io_uring(7). The process ends with its last
 * thread, when signal->live, which do_exit() has already decremented, is 0. Two threads may both see that; the first
 * one sets ended in the leader's tag. If the thread has been reaped, the current task is a different one, and
 * __exit_signal() has already added the thread's times to those of the process.
 */
static __always_inline void ended(struct task_struct *task, bool reaped)
{
	struct task_struct *leader = task->group_leader;
	struct tag *tag = bpf_task_storage_get(&tags, leader, 0, 0);
	struct signal_struct *signal;
	struct st_process_end *record;
	struct st_session *session;
	__u64 sequence, owner;
	bool last;

	if (!tag || !tag->process)
		return;
	signal = BPF_CORE_READ(task, signal);
	if (BPF_CORE_READ(signal, live.counter))
		return;
	if (__sync_fetch_and_or(&tag->ended, 1))
		return;
	session = session_of(tag->session);
	if (!session)
		return;

	count_missed_execs(session, tag, leader->self_exec_id);
	sequence = next_sequence(session);
	record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
	last = __sync_fetch_and_add(&session->processes, -1) == 1 && all_quiet(session);
	if (!record) {
		count_lost(session, ST_PROCESS_END);
		return;
	}
	fill_header(&record->header, sizeof(*record), ST_PROCESS_END, tag->session, sequence, bpf_ktime_get_ns());
	record->header.flags = tag->flags | (tag->lossy ? ST_LOSSY : 0);
	record->header.process = tag->process;
	record->header.host_pid = task->tgid;
	record->header.pid = tag->pid;
	record->parent = tag->parent;
	record->start = leader->start_time;
	record->cpu_time = BPF_CORE_READ(signal, sum_sched_runtime);
	if (!reaped)
		record->cpu_time += task->se.sum_exec_runtime +
				    (leader->pid != task->pid ? leader->se.sum_exec_runtime : 0);
	record->max_rss = BPF_CORE_READ(signal, maxrss);
	/* The choice of wait_task_zombie() in kernel/exit.c. */
	record->status = BPF_CORE_READ(signal, flags) & SIGNAL_GROUP_EXIT ? BPF_CORE_READ(signal, group_exit_code) :
									     leader->exit_code;
	record->execs = tag->execs;
	record->threads = tag->threads;
	owner = reaped ? ids_of(task) : bpf_get_current_uid_gid();
	record->uid = owner;
	record->gid = owner >> 32;
	record->ppid = tag->ppid;
	fill_comm(record->comm, leader, tag->flags);
	submit(record, last);
}

TRACEPOINT_BACKED_UP(sched_process_exit, on_exit, ended(task, false), struct task_struct *task)

/*
 * The backup of both programs above since Linux 7: the last moment at which a process can be seen, when it has been
 * reaped and is about to be freed (delayed_put_task_struct(), kernel/exit.c). That moment is then recorded as its
 * end. A processor runs RCU callbacks one after another, so the kernel does not skip this program.
 */
SEC("tp_btf/sched_process_free")
int BPF_PROG(on_free, struct task_struct *task)
{
	if (task->pid == task->tgid)
		ended(task, true);
	return 0;
}

#endif
