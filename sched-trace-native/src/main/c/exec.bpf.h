/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A process starts a program: the path, arguments and environment, read from the new image. */
#ifndef SCHEDTRACE_EXEC_BPF_H
#define SCHEDTRACE_EXEC_BPF_H

#include "kernel.h"
#include "process.bpf.h"
#include "record.h"
#include "secrets.bpf.h"
#include "sessions.bpf.h"
#include "tags.bpf.h"
#include "tracepoints.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define MAX_COMPONENTS 96

static __always_inline struct mount *mount_of(struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

/* The position on the way from a file up to the root directory of a process. */
struct climb {
	struct dentry *dentry;
	struct mount *mount;
	struct dentry *root;
	struct mount *root_mount;
};

enum { CLIMB_ON, CLIMB_DONE, CLIMB_NO_ROOM };

/*
 * Takes one step up. It is a global function so that the verifier checks it once, and not in every iteration of the
 * loop.
 */
__noinline int climb_step(struct st_paths *paths, struct climb *climb)
{
	struct dentry *dentry, *parent;
	struct mount *mount, *above;
	__u32 at;
	long n;

	if (!paths || !climb)
		return CLIMB_NO_ROOM;
	dentry = climb->dentry;
	mount = climb->mount;
	if (dentry == climb->root && mount == climb->root_mount)
		return CLIMB_DONE;
	if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
		above = BPF_CORE_READ(mount, mnt_parent);
		if (above == mount)
			return CLIMB_DONE;
		climb->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		climb->mount = above;
		return CLIMB_ON;
	}
	at = paths->filename_len + paths->path_len;
	if (at > ST_PATHS_LEN - ST_NAME_LEN)
		return CLIMB_NO_ROOM;
	n = bpf_probe_read_kernel_str(paths->bytes + at, ST_NAME_LEN, BPF_CORE_READ(dentry, d_name.name));
	if (n <= 0)
		return CLIMB_NO_ROOM;
	paths->path_len += n;
	parent = BPF_CORE_READ(dentry, d_parent);
	climb->dentry = parent;
	return dentry == parent ? CLIMB_DONE : CLIMB_ON;	/* in no directory, as from memfd_create(2) */
}

#define FILENAME_LEN (2 * ST_NAME_LEN)

/* Fills paths for a program, as seen from the root directory in fs. Returns flags for what does not fit. */
static __always_inline enum st_flag fill_paths(struct st_paths *paths, const char *filename, struct file *file,
					       struct fs_struct *fs)
{
	long n = bpf_probe_read_kernel_str(paths->bytes, FILENAME_LEN, filename);
	enum st_flag flags = 0;
	char next = 0;
	struct climb climb = {
		.dentry = BPF_CORE_READ(file, f_path.dentry),
		.mount = mount_of(BPF_CORE_READ(file, f_path.mnt)),
		.root = BPF_CORE_READ(fs, root.dentry),
		.root_mount = mount_of(BPF_CORE_READ(fs, root.mnt)),
	};
	int step = CLIMB_ON;

	paths->filename_len = n < 0 ? 0 : n;
	paths->path_len = 0;
	for (int i = 0; i < MAX_COMPONENTS && step == CLIMB_ON; i++)
		step = climb_step(paths, &climb);
	if (step != CLIMB_DONE)
		flags |= ST_PATH_TRUNCATED;
	if (n == FILENAME_LEN)
		bpf_probe_read_kernel(&next, 1, filename + FILENAME_LEN - 1);
	if (next)
		flags |= ST_FILENAME_TRUNCATED;
	return flags;
}

/* The arguments and then the environment in the memory of the process: one block (fs/binfmt_elf.c). */
struct block {
	__u64 start;
	const char *filename;	/* of the program, as passed to execve(2) */
	__u32 args_len;
	__u32 env_len;
	__u32 len;	/* of the part that is recorded */
	__u32 host_pid;
	enum st_flag flags;
};

static __always_inline void find_block(struct block *block, struct mm_struct *mm, __u64 settings)
{
	__u64 arg_start = BPF_CORE_READ(mm, arg_start);
	__u64 arg_end = BPF_CORE_READ(mm, arg_end);
	__u64 args_len = arg_end - arg_start;
	__u64 env_len = 0;
	__u64 len;

	if (settings & ST_WANT_ENVIRONMENT && BPF_CORE_READ(mm, env_start) == arg_end)
		env_len = BPF_CORE_READ(mm, env_end) - arg_end;
	len = args_len + env_len;
	block->start = arg_start;
	block->args_len = args_len;
	block->env_len = env_len;
	block->flags = 0;
	if (len > ST_LIMIT_BLOCK) {
		len = ST_LIMIT_BLOCK;
		block->flags = ST_TRUNCATED;
	}
	block->len = len;
}

/* Fills the names in the exec record of the current task. Returns flags for what does not fit. */
static __always_inline enum st_flag fill_names(struct st_process_exec *record, struct task_struct *task,
					       const char *filename)
{
	bpf_get_current_comm(record->comm, sizeof(record->comm));
	return fill_paths(&record->paths, filename, BPF_CORE_READ(task, mm, exe_file), BPF_CORE_READ(task, fs));
}

/* Fills the exec record of the current task, except for the data. It is a global function too. */
__noinline int fill_exec(struct st_process_exec *record, struct tag *tag, struct block *block)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 owner = bpf_get_current_uid_gid();

	if (!record || !tag || !block)
		return 0;
	record->header.flags = tag->flags | block->flags;
	record->header.process = tag->process;
	record->header.host_pid = block->host_pid;
	record->header.pid = tag->pid;
	record->parent = tag->parent;
	record->uid = owner;
	record->gid = owner >> 32;
	record->args_len = block->args_len;
	record->env_len = block->env_len;
	record->number = tag->execs;
	if (tag->flags & ST_HIDDEN) {
		__builtin_memset(record->comm, 0, sizeof(record->comm));
		record->paths.filename_len = 0;
		record->paths.path_len = 0;
	} else {
		record->header.flags |= fill_names(record, task, block->filename);
	}
	return 0;
}

/* Writes the exec record with at most the first room bytes of the block; room is a compile-time constant. */
static __always_inline bool emit_exec(struct tag *tag, struct block *block, __u64 sequence, __u32 room)
{
	struct st_process_exec *record;
	__u32 n = block->len;

	record = bpf_ringbuf_reserve(&ring, sizeof(*record) + room, 0);
	if (!record)
		return false;
	fill_header(&record->header, 0, ST_PROCESS_EXEC, tag->session, sequence, bpf_ktime_get_ns());
	fill_exec(record, tag, block);
	if (n > room)
		n = room;
	if (n && bpf_probe_read_user(record->data, n, (void *)block->start)) {
		n = 0;
		block->len = 0;
		block->flags |= ST_UNREADABLE;
		record->header.flags |= ST_UNREADABLE;
	}
	record->data_len = n;
	record->header.size = sizeof(*record) + n;
	submit(record, false);
	return true;
}

/* Writes the next part of the block, from offset on. Returns 0 if the ring is full. It is a global function too. */
__noinline int emit_data(struct tag *tag, struct st_session *session, struct block *block, __u64 exec, __u32 offset)
{
	struct st_exec_data *record;
	__u32 n;

	if (!tag || !session || !block)
		return 0;
	record = bpf_ringbuf_reserve(&ring, sizeof(*record) + ST_BLOCK_LEN, 0);
	if (!record)
		return 0;
	n = block->len - offset;
	if (n > ST_BLOCK_LEN)
		n = ST_BLOCK_LEN;
	fill_header(&record->header, 0, ST_EXEC_DATA, tag->session, next_sequence(session), bpf_ktime_get_ns());
	record->header.process = tag->process;
	record->header.host_pid = block->host_pid;
	record->header.pid = tag->pid;
	record->exec = exec;
	record->offset = offset;
	if (bpf_probe_read_user(record->data, n, (void *)(block->start + offset))) {
		n = 0;
		block->flags |= ST_UNREADABLE;
		record->header.flags |= ST_UNREADABLE;
	}
	record->data_len = n;
	record->header.size = sizeof(*record) + n;
	submit(record, false);
	return 1;
}

/* Writes the part of the block that does not fit into the exec record. It is a global function too. */
__noinline int emit_rest(struct tag *tag, struct st_session *session, struct block *block, __u64 exec)
{
	if (!tag || !session || !block)
		return 0;
	for (__u32 i = 1; i < ST_MAX_BLOCKS; i++) {
		if (i * ST_BLOCK_LEN >= block->len)
			break;
		if (!emit_data(tag, session, block, exec, i * ST_BLOCK_LEN)) {
			next_sequence(session);
			count_lost(session, ST_EXEC_DATA);
			tag->lossy = 1;
		}
	}
	return 0;
}

static __always_inline void execed(struct task_struct *task, struct linux_binprm *bprm)
{
	struct tag *tag = bpf_task_storage_get(&tags, task, 0, 0);
	struct st_session *session;
	struct block block = {};
	__u64 sequence;
	bool whole;

	if (!tag || !tag->process || tag->exec_id == task->self_exec_id)
		return;
	session = session_of(tag->session);
	if (!session)
		return;
	count_missed_execs(session, tag, task->self_exec_id - 1);
	tag->exec_id = task->self_exec_id;
	tag->execs++;
	tag->threads = 1;
	if (is_exec_withheld(bprm)) {
		tag->flags |= ST_HIDDEN;
	} else {
		tag->flags &= ~ST_HIDDEN;
		find_block(&block, BPF_CORE_READ(task, mm), session->settings);
	}
	block.host_pid = task->tgid;
	block.filename = BPF_CORE_READ(bprm, filename);
	sequence = next_sequence(session);
	if (block.len <= 512)
		whole = emit_exec(tag, &block, sequence, 512);
	else if (block.len <= 2048)
		whole = emit_exec(tag, &block, sequence, 2048);
	else if (block.len <= 4096)
		whole = emit_exec(tag, &block, sequence, 4096);
	else
		whole = emit_exec(tag, &block, sequence, ST_BLOCK_LEN);
	if (!whole) {
		count_lost(session, ST_PROCESS_EXEC);
		tag->lossy = 1;
		return;
	}
	emit_rest(tag, session, &block, sequence);
	if (block.flags)
		__sync_fetch_and_add(&session->truncated, 1);
}

#define ON_EXEC(name) \
	TRACEPOINT(sched_process_exec, name, execed(task, bprm), struct task_struct *task, int old_pid, \
		   struct linux_binprm *bprm)

ON_EXEC(on_exec)
ON_EXEC(on_exec_backup)

/* Three more backups: no later event shows an exec that all programs have missed. */
ON_EXEC(on_exec_backup_2)
ON_EXEC(on_exec_backup_3)
ON_EXEC(on_exec_backup_4)

#endif
