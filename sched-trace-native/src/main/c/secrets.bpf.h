/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is withheld from the user for whom the helper or the daemon has loaded the programs: the program, arguments,
 * environment, name and DNS answers of a process that this user may not read in /proc, as ptrace_may_access() with
 * PTRACE_MODE_READ_FSCREDS decides (kernel/ptrace.c, security/commoncap.c).
 *
 * A process that loads the programs for itself has CAP_PERFMON and may read all of it. Then guarded is false, and the
 * verifier removes the checks.
 */
#ifndef SCHEDTRACE_SECRETS_BPF_H
#define SCHEDTRACE_SECRETS_BPF_H

#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

const volatile bool guarded = false;
const volatile __u32 user_uid = 0;
const volatile __u32 user_gid = 0;

/*
 * The namespaces of the user, as inode numbers, and the capabilities that he has in his user namespace. The helper sets
 * them before the programs are loaded, and client.bpf.h for the daemon. Until then everything is withheld.
 */
__u32 user_netns;
__u32 user_userns;
__u64 user_caps;

/*
 * The offset of dumpable in struct task_exec_state of Linux 7; 0 = there is no such member. To relocate an access to
 * a struct that the kernel may not have, libbpf would need CAP_SYS_ADMIN.
 */
const volatile __u32 dumpable_offset = 0;

#define DUMPABLE 1			/* SUID_DUMP_USER, or TASK_DUMPABLE_OWNER of Linux 7 */
#define DUMPABLE_BITS 3			/* MMF_DUMPABLE_MASK */
#define MAX_USER_NAMESPACES 33		/* create_user_ns(), kernel/user_namespace.c */

static __always_inline bool is_dumpable(struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct mm_struct___word *before_6_18 = (void *)mm;
	__u32 dumpable = 0;

	if (bpf_core_field_exists(task->exec_state)) {
		if (dumpable_offset)
			bpf_probe_read_kernel(&dumpable, sizeof(dumpable),
					      (void *)BPF_CORE_READ(task, exec_state) + dumpable_offset);
		return dumpable == DUMPABLE;
	}
	if (bpf_core_field_exists(before_6_18->flags))
		return (BPF_CORE_READ(before_6_18, flags) & DUMPABLE_BITS) == DUMPABLE;
	return (BPF_CORE_READ(mm, flags.__mm_flags[0]) & DUMPABLE_BITS) == DUMPABLE;
}

static __always_inline bool has_ids_of_user(const struct cred *cred)
{
	return BPF_CORE_READ(cred, uid.val) == user_uid && BPF_CORE_READ(cred, euid.val) == user_uid &&
	       BPF_CORE_READ(cred, suid.val) == user_uid && BPF_CORE_READ(cred, gid.val) == user_gid &&
	       BPF_CORE_READ(cred, egid.val) == user_gid && BPF_CORE_READ(cred, sgid.val) == user_gid;
}

/*
 * Whether the user, from his own user namespace, has made the user namespace or one above it: then he has all
 * capabilities in it.
 */
static __always_inline bool is_namespace_of_user(struct user_namespace *ns)
{
	struct user_namespace *parent;

	for (int i = 0; i < MAX_USER_NAMESPACES; i++) {
		parent = BPF_CORE_READ(ns, parent);
		if (!parent)
			return false;
		if (BPF_CORE_READ(parent, ns.inum) == user_userns)
			return BPF_CORE_READ(ns, owner.val) == user_uid;
		ns = parent;
	}
	return false;
}

/* Whether the user may read a process in /proc. */
static __always_inline bool may_read(struct task_struct *task)
{
	const struct cred *cred = BPF_CORE_READ(task, real_cred);
	struct user_namespace *ns = BPF_CORE_READ(cred, user_ns);
	__u64 permitted = ~0ULL;

	if (!is_dumpable(task))
		return false;
	if (BPF_CORE_READ(ns, ns.inum) != user_userns)
		return is_namespace_of_user(ns);
	bpf_core_read(&permitted, sizeof(permitted), &cred->cap_permitted);
	return !(permitted & ~user_caps) && has_ids_of_user(cred);
}

/* The same of the current process. It is a global function so that the verifier checks it once. */
__noinline int may_read_current(void)
{
	return may_read(bpf_get_current_task_btf());
}

/* Whether the current process is withheld from the user. */
static __always_inline bool is_withheld(void)
{
	return guarded && !may_read_current();
}

/* The same for a process that has just started a program. */
static __always_inline bool is_exec_withheld(struct linux_binprm *bprm)
{
	return guarded && (BPF_CORE_READ_BITFIELD_PROBED(bprm, secureexec) || !may_read_current());
}

/*
 * Whether the connections of a socket of the current process are withheld. The user sees those of all processes in his
 * own network namespace anyway, see sock_diag(7).
 */
static __always_inline bool is_network_withheld(__u32 netns)
{
	return guarded && netns != user_netns && !may_read_current();
}

#endif
