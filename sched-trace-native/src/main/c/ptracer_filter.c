/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Has the processes stop at connect(2), accept(2), listen(2) and shutdown(2), and at no other system call: a seccomp
 * filter, which children inherit. A process that has just started a program installs it by two calls that the tracer
 * has it make before its first instruction. They are made with the system call instruction of its vDSO.
 */
#include <elf.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>
#include "ptracer_state.h"

#define SCRATCH 1024			/* below the stack pointer, beyond the red zone */

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#define STACK_POINTER rsp
#define RESULT rax
static const unsigned char call_instruction[] = { 0x0f, 0x05 };

static void prepare(struct user_regs_struct *regs, __u64 at, long number, __u64 first, __u64 second, __u64 third)
{
	regs->rip = at;
	regs->rax = (unsigned long long)number;
	regs->orig_rax = -1ULL;
	regs->rdi = first;
	regs->rsi = second;
	regs->rdx = third;
	regs->r10 = 0;
	regs->r8 = 0;
}

/* The number of the call that has just ended must not be taken for one to be restarted. */
static void forget_call(struct user_regs_struct *regs)
{
	regs->orig_rax = -1ULL;
}
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#define STACK_POINTER sp
#define RESULT regs[0]
static const unsigned char call_instruction[] = { 0x01, 0x00, 0x00, 0xd4 };

static void prepare(struct user_regs_struct *regs, __u64 at, long number, __u64 first, __u64 second, __u64 third)
{
	regs->pc = at;
	regs->regs[8] = (unsigned long long)number;
	regs->regs[0] = first;
	regs->regs[1] = second;
	regs->regs[2] = third;
	regs->regs[3] = 0;
	regs->regs[4] = 0;
}

static void forget_call(struct user_regs_struct *regs)
{
	(void)regs;
}
#endif

#define TRACE(number) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE)

static const struct sock_filter filter[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	TRACE(SYS_connect),
	TRACE(SYS_accept),
	TRACE(SYS_accept4),
	TRACE(SYS_listen),
	TRACE(SYS_shutdown),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

/* The calls that a process is made to make. */
struct injection {
	struct user_regs_struct saved;
	__u64 signals;			/* the mask of blocked ones */
	__u64 instruction;
	bool begun;			/* execve(2) has returned */
	bool saved_all;
	bool in_call;
	bool privileged;		/* without no_new_privs, which a privileged process does not need */
	bool last;			/* the call is seccomp(2), not prctl(2) */
};

/* Returns where the vDSO has the instruction; 0 = nowhere. It is the same in all processes. */
static size_t find_instruction(void)
{
	const char *vdso = (const char *)getauxval(AT_SYSINFO_EHDR);
	const Elf64_Ehdr *header = (const void *)vdso;
	const Elf64_Phdr *part;

	if (!vdso)
		return 0;
	part = (const void *)(vdso + header->e_phoff);
	for (int i = 0; i < header->e_phnum; i++) {
		char *found;

		if (part[i].p_type != PT_LOAD || !(part[i].p_flags & PF_X))
			continue;
		found = memmem(vdso + part[i].p_offset, part[i].p_filesz, call_instruction, sizeof(call_instruction));
		if (found)
			return (size_t)(found - vdso);
	}
	return 0;
}

static bool get_registers(pid_t tid, struct user_regs_struct *regs)
{
	struct iovec part = { regs, sizeof(*regs) };

	return !ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &part);
}

static bool set_registers(pid_t tid, struct user_regs_struct *regs)
{
	struct iovec part = { regs, sizeof(*regs) };

	return !ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &part);
}

/* Begins to install the filter in a process that has just started a program. Returns false if that is not possible. */
bool begin_filter(struct task *task, __u64 vdso, __u32 arch)
{
	static size_t offset;

	if (!offset)
		offset = find_instruction();
	if (!offset || !vdso || arch != NATIVE_ARCH)
		return false;
	task->injection = calloc(1, sizeof(*task->injection));
	if (!task->injection)
		return false;
	task->injection->instruction = vdso + offset;
	task->injection->privileged = task->injection->last = !geteuid();
	return true;
}

void forget_filter(struct task *task)
{
	free(task->injection);
	task->injection = NULL;
}

/* Has the process make the next call. */
static bool next_call(const struct task *task)
{
	struct injection *injection = task->injection;
	struct user_regs_struct regs = injection->saved;
	__u64 at = (injection->saved.STACK_POINTER - SCRATCH) & ~15ULL;
	struct {
		struct sock_fprog program;
		struct sock_filter filter[sizeof(filter) / sizeof(filter[0])];
	} memory = { .program = { sizeof(filter) / sizeof(filter[0]), (void *)(at + sizeof(struct sock_fprog)) } };
	struct iovec local = { &memory, sizeof(memory) }, remote = { (void *)at, sizeof(memory) };

	memcpy(memory.filter, filter, sizeof(filter));
	if (!injection->last) {
		prepare(&regs, injection->instruction, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0);
	} else {
		if (process_vm_writev(task->tid, &local, 1, &remote, 1, 0) != sizeof(memory))
			return false;
		prepare(&regs, injection->instruction, SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			SECCOMP_FILTER_FLAG_SPEC_ALLOW, at);
	}
	return set_registers(task->tid, &regs);
}

/* A call has returned. Returns whether another one follows. */
static bool call_returned(struct task *task)
{
	struct injection *injection = task->injection;
	struct user_regs_struct regs;

	if (!get_registers(task->tid, &regs))
		return false;
	if (injection->last && injection->privileged && (long long)regs.RESULT == -EACCES) {
		injection->privileged = injection->last = false;
		return next_call(task);
	}
	if (!injection->last && !regs.RESULT) {
		injection->last = true;
		return next_call(task);
	}
	if (injection->last && !regs.RESULT)
		set_filtered(task->process);
	return false;
}

static bool begin(struct task *task)
{
	struct injection *injection = task->injection;
	__u64 all = ~0ULL;

	injection->begun = true;
	injection->saved_all =
		get_registers(task->tid, &injection->saved) &&
		!ptrace(PTRACE_GETSIGMASK, task->tid, sizeof(injection->signals), &injection->signals);
	return injection->saved_all && !ptrace(PTRACE_SETSIGMASK, task->tid, sizeof(all), &all) && next_call(task);
}

/*
 * The process has stopped at the beginning or end of a system call. Returns whether it must stop at the next one,
 * too; if not, the process is as it was.
 */
bool continue_filter(struct task *task)
{
	struct injection *injection = task->injection;
	bool more;

	if (injection->begun && !injection->in_call) {
		injection->in_call = true;
		return true;
	}
	injection->in_call = false;
	more = injection->begun ? call_returned(task) : begin(task);
	if (more)
		return true;
	if (injection->saved_all) {
		forget_call(&injection->saved);
		set_registers(task->tid, &injection->saved);
		ptrace(PTRACE_SETSIGMASK, task->tid, sizeof(injection->signals), &injection->signals);
	}
	forget_filter(task);
	return false;
}
