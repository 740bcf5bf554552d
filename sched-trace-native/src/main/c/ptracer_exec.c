/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process starts a program: its arguments and environment, from the stack of the new image, where the kernel has
 * put them (create_elf_tables(), fs/binfmt_elf.c):
 *
 *   sp: argc | argv[] 0 | envp[] 0 | auxiliary vector | ... | arguments | environment | filename
 */
#include <elf.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include "ptracer_state.h"

#define WINDOW_LEN (16 * 1024)
#define FILENAME_LEN (2 * ST_NAME_LEN)	/* as in exec.bpf.h */
#define DELETED " (deleted)"

/* A part of a process's memory. */
static struct window {
	pid_t pid;
	__u64 start;
	size_t length;
	char bytes[WINDOW_LEN];
} window;

static ssize_t read_memory(pid_t pid, __u64 from, void *to, size_t length)
{
	struct iovec local = { to, length }, remote = { (void *)from, length };

	return process_vm_readv(pid, &local, 1, &remote, 1, 0);
}

/* Whether the window holds that many bytes from there on; it moves there if it does not. */
static bool look_at(pid_t pid, __u64 from, size_t length)
{
	ssize_t got;

	if (window.pid == pid && from >= window.start && from + length <= window.start + window.length)
		return true;
	got = read_memory(pid, from, window.bytes, WINDOW_LEN);
	window.pid = pid;
	window.start = from;
	window.length = got < 0 ? 0 : (size_t)got;
	return window.length >= length;
}

/* Reads a word of 4 or 8 bytes. Returns false if it cannot be read. */
static bool read_word(pid_t pid, __u64 at, unsigned size, __u64 *word)
{
	*word = 0;
	if (!look_at(pid, at, size))
		return false;
	memcpy(word, window.bytes + (at - window.start), size);
	return true;
}

/* What the stack of a new image tells. */
struct image {
	__u64 args;		/* addresses */
	__u64 env;
	__u64 filename;
	__u64 uid;
	__u64 gid;
	__u64 vdso;
	__u32 arch;
	bool hidden;		/* the memory must not be read */
};

/* Reads the auxiliary vector. */
static bool read_auxiliary(pid_t pid, __u64 at, unsigned size, struct image *image)
{
	__u64 type, value;

	for (;; at += 2 * size) {
		if (!read_word(pid, at, size, &type) || !read_word(pid, at + size, size, &value))
			return false;
		if (type == AT_NULL)
			return true;
		if (type == AT_EXECFN)
			image->filename = value;
		else if (type == AT_UID)
			image->uid = value;
		else if (type == AT_GID)
			image->gid = value;
		else if (type == AT_SYSINFO_EHDR)
			image->vdso = value;
	}
}

static bool read_image(pid_t pid, struct image *image)
{
	struct __ptrace_syscall_info info;
	__u64 at, count, first;
	unsigned size;

	window.pid = 0;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) <= 0)
		return false;
	image->arch = info.arch;
	size = info.arch & __AUDIT_ARCH_64BIT ? 8 : 4;
	at = info.stack_pointer;
	errno = 0;
	if (!read_word(pid, at, size, &count)) {
		image->hidden = errno == EPERM;
		return false;
	}
	if (count && !read_word(pid, at + size, size, &image->args))
		return false;
	at += (count + 2) * size;
	if (!read_word(pid, at, size, &image->env))
		return false;
	for (first = image->env; first; at += size)
		if (!read_word(pid, at + size, size, &first))
			return false;
	if (!read_auxiliary(pid, at + size, size, image) || !image->filename)
		return false;
	if (!image->env)
		image->env = image->filename;
	if (!image->args)
		image->args = image->env;
	return image->args <= image->env && image->env <= image->filename &&
	       image->filename - image->args <= INT32_MAX;
}

/* Copies memory of the process. Returns false if it cannot be read. */
static bool copy_memory(pid_t pid, __u64 from, void *to, size_t length)
{
	if (window.pid == pid && from >= window.start && from + length <= window.start + window.length) {
		memcpy(to, window.bytes + (from - window.start), length);
		return true;
	}
	return read_memory(pid, from, to, length) == (ssize_t)length;
}

/* Fills the filename. Returns flags for what does not fit. */
static enum st_flag fill_filename(struct st_paths *paths, pid_t pid, __u64 at)
{
	ssize_t length;

	paths->filename_len = 0;
	if (look_at(pid, at, 1))
		for (length = 0; length < FILENAME_LEN; length++) {
			if (!look_at(pid, at + (__u64)length, 1))
				break;
			paths->bytes[length] = window.bytes[at + (__u64)length - window.start];
			if (!paths->bytes[length]) {
				paths->filename_len = (__u32)length + 1;
				return 0;
			}
		}
	paths->bytes[FILENAME_LEN - 1] = 0;
	paths->filename_len = FILENAME_LEN;
	return ST_FILENAME_TRUNCATED;
}

static ssize_t read_link(pid_t pid, const char *file, char path[PATH_MAX])
{
	char link[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/%d/%s", pid, file);
	length = readlink(link, path, PATH_MAX - 1);
	path[length < 0 ? 0 : length] = 0;
	return length;
}

/* Cuts off what the kernel appends to the path of a deleted file. */
static void cut_deleted(pid_t pid, char *path)
{
	size_t length = strlen(path), suffix = strlen(DELETED);
	char link[64];
	struct stat file;

	if (length <= suffix || strcmp(path + length - suffix, DELETED))
		return;
	snprintf(link, sizeof(link), "/proc/%d/exe", pid);
	if (!stat(link, &file) && !file.st_nlink)
		path[length - suffix] = 0;
}

/* Cuts off the root directory of a process that has changed it. */
static const char *below_root(pid_t pid, const char *path)
{
	char root[PATH_MAX];
	ssize_t length = read_link(pid, "root", root);

	return length > 1 && !strncmp(path, root, (size_t)length) && path[length] == '/' ? path + length : path;
}

/* Fills the path, its components from last to first. Returns flags for what does not fit. */
static enum st_flag fill_path(struct st_paths *paths, pid_t pid)
{
	char whole[PATH_MAX], *end;
	const char *path = whole;

	paths->path_len = 0;
	if (read_link(pid, "exe", whole) <= 0)
		return ST_PATH_TRUNCATED;
	cut_deleted(pid, whole);
	if (strncmp(whole, paths->bytes, paths->filename_len))
		path = below_root(pid, whole);
	for (end = strrchr(path, '/'); end; end = strrchr(path, '/')) {
		__u32 at = paths->filename_len + paths->path_len;
		size_t length = strlen(end + 1) + 1;

		if (at > ST_PATHS_LEN - ST_NAME_LEN || length > ST_NAME_LEN)
			return ST_PATH_TRUNCATED;
		memcpy(paths->bytes + at, end + 1, length);
		paths->path_len += length;
		*end = 0;
	}
	return 0;
}

/* Writes the part of the block of arguments and environment that does not fit into the exec record. */
static enum st_flag record_rest(struct st_session *session, struct process *process, const struct image *image,
				__u32 length, __u64 exec)
{
	enum st_flag flags = 0;

	for (__u32 offset = ST_BLOCK_LEN; offset < length; offset += ST_BLOCK_LEN) {
		struct st_exec_data *record = reserve(sizeof(*record) + ST_BLOCK_LEN);
		__u64 sequence = next_sequence(session);
		__u32 n = length - offset < ST_BLOCK_LEN ? length - offset : ST_BLOCK_LEN;

		if (!record) {
			count_lost(session, ST_EXEC_DATA);
			process->lossy = true;
			continue;
		}
		if (!copy_memory(process->tgid, image->args + offset, record->data, n)) {
			n = 0;
			flags |= ST_UNREADABLE;
		}
		fill_header(&record->header, sizeof(*record) + n, ST_EXEC_DATA, process, sequence);
		record->header.flags = flags;
		record->exec = exec;
		record->offset = offset;
		record->data_len = n;
		submit(record, false);
	}
	return flags;
}

/* Fills the exec record of a program that can be read. Returns how many bytes its block has that are recorded. */
static __u32 fill_program(struct st_process_exec *record, const struct process *process, const struct image *image)
{
	__u32 length = (__u32)(image->filename - image->args);
	__u32 n;

	record->args_len = (__u32)(image->env - image->args);
	record->env_len = (__u32)(image->filename - image->env);
	if (length > ST_LIMIT_BLOCK) {
		length = ST_LIMIT_BLOCK;
		record->header.flags |= ST_TRUNCATED;
	}
	n = length < ST_BLOCK_LEN ? length : ST_BLOCK_LEN;
	if (!copy_memory(process->tgid, image->args, record->data, n)) {
		n = length = 0;
		record->header.flags |= ST_UNREADABLE;
	}
	record->data_len = n;
	record->header.size += n;
	record->header.flags |= fill_filename(&record->paths, process->tgid, image->filename);
	record->header.flags |= fill_path(&record->paths, process->tgid);
	return length;
}

/* The image cannot be examined; see st_flag for the two ways of that. */
static void fill_unknown(struct st_process_exec *record, bool hidden)
{
	record->args_len = record->env_len = record->data_len = 0;
	record->paths.filename_len = record->paths.path_len = 0;
	record->header.flags |= hidden ? ST_HIDDEN : ST_UNREADABLE | ST_PATH_TRUNCATED;
}

/* What the kernel names a process that starts a program. */
static void name_process(struct process *process, const struct st_process_exec *record)
{
	if (record->header.flags & ST_HIDDEN)
		memset(process->comm, 0, ST_COMM_LEN);
	else
		read_comm(process->tgid, process->comm);
}

static void record_exec(struct st_session *session, struct process *process, const struct image *image, bool known)
{
	struct st_process_exec *record = reserve(sizeof(*record) + ST_BLOCK_LEN);
	__u64 sequence = next_sequence(session);
	enum st_flag flags = 0;
	__u32 length = 0;

	if (!record) {
		count_lost(session, ST_PROCESS_EXEC);
		process->lossy = true;
		return;
	}
	process->flags &= (__u16)~ST_HIDDEN;
	fill_header(&record->header, sizeof(*record), ST_PROCESS_EXEC, process, sequence);
	if (known)
		length = fill_program(record, process, image);
	else
		fill_unknown(record, image->hidden);
	process->flags |= record->header.flags & ST_HIDDEN;
	name_process(process, record);
	record->parent = process->parent;
	record->uid = process->uid;
	record->gid = process->gid;
	record->number = process->execs;
	memcpy(record->comm, process->comm, ST_COMM_LEN);
	flags = record->header.flags;
	submit(record, false);
	flags |= record_rest(session, process, image, length, sequence);
	if (flags & (ST_TRUNCATED | ST_UNREADABLE))
		__atomic_add_fetch(&session->truncated, 1, __ATOMIC_RELAXED);
}

/* A process has started a program. */
void execed(struct task *task, const struct report *report)
{
	struct process *process = task->process;
	struct st_session *session = process ? session_of(process->session) : NULL;
	struct image image = { 0 };
	bool known;

	if (!session)
		return;
	known = read_image(process->tgid, &image);
	process->execs++;
	process->threads = 1;
	process->uid = report->uid;
	process->vdso = image.vdso;
	process->arch = image.arch;
	/* In a user namespace both have other numbers there. */
	if (known && image.uid == report->uid)
		process->gid = (__u32)image.gid;
	record_exec(session, process, &image, known);
}
