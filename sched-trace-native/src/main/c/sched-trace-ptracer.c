/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sched-trace-ptracer: traces the processes of a JVM that may use neither BPF nor the helper, with ptrace(2). It
 * writes the records of record.h into memory that it shares with the JVM (ptracer.h).
 *
 * It seizes the threads of the JVM that belong to a session; the kernel then attaches it to each process that they
 * make, and so on. It never stops a thread by itself, and a thread that stops goes on as it would without a tracer.
 * If the tracer ends, the kernel lets all threads go.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fingerprint.h"
#include "ptracer_state.h"

#define OPTIONS \
	(PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP | \
	 PTRACE_O_TRACESYSGOOD)
#define SYSCALL_STOP (SIGTRAP | 0x80)

static volatile sig_atomic_t alarmed;

/* Returns 0, or -1 with errno. */
int attach(pid_t tid)
{
	return (int)ptrace(PTRACE_SEIZE, tid, 0, OPTIONS);
}

/* Has a stopped thread go on, and lets it go if nothing of it is wanted. */
void resume(struct task *task, int signal)
{
	if (task->injection || is_wanted(task)) {
		ptrace(task->injection || task->call ? PTRACE_SYSCALL : PTRACE_CONT, task->tid, 0, signal);
		return;
	}
	ptrace(PTRACE_DETACH, task->tid, 0, signal);
	drop_task(task);
}

/* Consumes a stop that await_report() has left. */
static void consume_stop(pid_t tid)
{
	siginfo_t info;

	syscall(SYS_waitid, P_PID, tid, &info, WSTOPPED | WNOHANG | __WALL, NULL);
}

/* A task whose creator has not reported it yet; its stop is consumed, so that it is reported once. */
static void hold(const struct report *report)
{
	struct task *task = add_task(report->tid);

	if (!task) {
		ptrace(PTRACE_DETACH, report->tid, 0, 0);
		return;
	}
	task->held = true;
	consume_stop(report->tid);
	note_held(report->tid, report->uid);
}

/*
 * The thread that has called execve(2) has the id of the process from now on. If it had another one, the kernel wants
 * the stop to be consumed before it is used (looks_like_a_spurious_pid(), kernel/ptrace.c).
 */
static void rename_to_leader(struct task *task)
{
	unsigned long former = 0;
	struct task *other;

	if (ptrace(PTRACE_GETEVENTMSG, task->tid, 0, &former)) {
		consume_stop(task->tid);
		ptrace(PTRACE_GETEVENTMSG, task->tid, 0, &former);
	}
	other = (pid_t)former == task->tid ? NULL : find_task((pid_t)former);
	if (other)
		drop_task(other);
}

/* A process has started a program. */
static void started(struct task *task, const struct report *report)
{
	struct process *process = task->process;

	rename_to_leader(task);
	task->call = 0;
	execed(task, report);
	if (process && !process->filtered && session_of(process->session))
		begin_filter(task, process->vdso, process->arch);
}

/* The filter has caught a system call: its end is of interest. */
static void caught(struct task *task)
{
	struct __ptrace_syscall_info info;

	if (!task->process || !session_of(task->process->session) ||
	    ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, sizeof(info), &info) <= 0 || info.op != PTRACE_SYSCALL_INFO_SECCOMP)
		return;
	task->call = (long)info.seccomp.nr;
	memcpy(task->arguments, info.seccomp.args, sizeof(task->arguments));
	task->call_time = now();
	task->call_waits = false;
}

/* A system call begins or ends that the tracer has asked for. */
static void at_system_call(struct task *task)
{
	struct __ptrace_syscall_info info;

	if (task->injection) {
		continue_filter(task);
		return;
	}
	if (!task->call || ptrace(PTRACE_GET_SYSCALL_INFO, task->tid, sizeof(info), &info) <= 0 ||
	    info.op != PTRACE_SYSCALL_INFO_EXIT)
		return;
	call_ended(task, info.exit.rval);
	task->call = 0;
}

static void stopped(const struct report *report)
{
	struct task *task = find_task(report->tid);
	int event = report->status >> 8, signal = report->status & 0x7f;
	unsigned long child = 0;

	if (!task) {
		hold(report);
		return;
	}
	if ((report->status & 0xff) == SYSCALL_STOP)
		at_system_call(task);
	switch (event) {
	case 0:
		if ((report->status & 0xff) == SYSCALL_STOP)
			break;
		resume(task, signal);	/* the signal is about to be delivered */
		return;
	case PTRACE_EVENT_SECCOMP:
		caught(task);
		break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		if (!ptrace(PTRACE_GETEVENTMSG, task->tid, 0, &child))
			forked(task, (pid_t)child, report);
		break;
	case PTRACE_EVENT_EXEC:
		started(task, report);
		break;
	case PTRACE_EVENT_STOP:
		if (signal != SIGTRAP) {	/* a signal has stopped its process, which stays so */
			ptrace(PTRACE_LISTEN, task->tid, 0, 0);
			return;
		}
		break;
	}
	resume(task, 0);
}

/* A task has ended. Reaps it as the tracer, so that its parent gets to know. */
static void ended(const struct report *report)
{
	struct task *task = find_task(report->tid);
	siginfo_t info;

	if (task && task->process && task->process->tgid == report->tid) {
		if (report->code == CLD_KILLED)
			note_killed(task->process);
		process_ended(task->process, report);
	}
	if (!task || task->held)
		note_early_end(report);
	if (task)
		drop_task(task);
	syscall(SYS_waitid, P_PID, report->tid, &info, WEXITED | WNOHANG | __WALL, NULL);
}

/*
 * Waits for the next stop or end. It is not consumed yet: a stopped thread can be resumed nevertheless, and if the
 * tracer dies meanwhile, a signal that is about to be delivered is not lost. Returns 0 or -errno: EAGAIN if the options
 * say WNOHANG and there is none.
 */
static int await_report(struct report *report, int options)
{
	siginfo_t info = { 0 };

	if (syscall(SYS_waitid, P_ALL, 0, &info, WEXITED | WSTOPPED | WNOWAIT | __WALL | options, &report->usage))
		return -errno;
	if (!info.si_pid)
		return -EAGAIN;
	report->tid = info.si_pid;
	report->code = info.si_code;
	report->status = info.si_status;
	report->uid = info.si_uid;
	return 0;
}

static bool has_request(void)
{
	return __atomic_load_n(&memory.shared->request, __ATOMIC_ACQUIRE) != memory.shared->reply;
}

static void answer_request(void)
{
	struct pt_shared *shared = memory.shared;
	__u32 number = __atomic_load_n(&shared->request, __ATOMIC_ACQUIRE);

	if (!has_request())
		return;
	shared->result = serve_request(shared);
	__atomic_store_n(&shared->reply, number, __ATOMIC_RELEASE);
	syscall(SYS_futex, &shared->reply, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* Waits for a request while there is nothing to trace. */
static void await_request(void)
{
	sigset_t signals, normal;

	sigemptyset(&signals);
	sigaddset(&signals, PT_SIGNAL);
	sigprocmask(SIG_BLOCK, &signals, &normal);
	if (!has_request() && !jvm_has_ended)
		ppoll(NULL, 0, NULL, &normal);
	sigprocmask(SIG_SETMASK, &normal, NULL);
}

static void interrupt_thread(struct task *task)
{
	if (task->of_jvm)
		ptrace(PTRACE_INTERRUPT, task->tid, 0, 0);
}

/* Whether nobody needs the tracer any more. A process that has the filter needs it to its end. */
static bool is_done(void)
{
	if (!jvm_has_ended)
		return false;
	if (filtered_processes && !jvm_end_is_known)
		for_each_task(interrupt_thread);
	jvm_end_is_known = true;
	return !filtered_processes;
}

static void trace(void)
{
	struct report report;
	int error;

	lock_all();
	while (!is_done()) {
		answer_request();
		unlock_all();
		error = await_report(&report, alarmed ? WNOHANG : 0);
		if (error == -ECHILD && jvm_has_ended)
			return;		/* nothing is traced any more */
		if (error == -ECHILD)
			await_request();
		lock_all();
		if (!error && (report.code == CLD_TRAPPED || report.code == CLD_STOPPED))
			stopped(&report);
		else if (!error)
			ended(&report);
		if (alarmed && error && error != -EINTR) {
			alarmed = false;
			adopt_orphans();
		}
	}
}

static void interrupt(int signal)
{
	alarmed |= signal == SIGALRM;	/* besides, it ends waitid(2) */
}

/* Keeps nothing of the JVM: descriptors, directory, terminal, signals, output. */
static bool become_independent(void)
{
	struct sigaction action = { .sa_handler = interrupt };
	struct sigaction quiet = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0)
		return false;
	syscall(SYS_close_range, PT_FDS, ~0U, 0);
	setsid();
	umask(077);
	prctl(PR_SET_NAME, "sched-trace-ptracer");
	sigaction(SIGCHLD, &quiet, NULL);
	return !chdir("/") && !sigaction(PT_SIGNAL, &action, NULL) && !sigaction(SIGALRM, &action, NULL);
}

static bool map_all(void)
{
	struct stat file;
	size_t head = pt_memory_size(0);

	return !fstat(PT_MEMORY, &file) && (size_t)file.st_size > head &&
	       !pt_map_memory(&memory, PT_MEMORY, (size_t)file.st_size - head) &&
	       memory.shared->build == ST_BUILD_FINGERPRINT;
}

int main(void)
{
	pid_t tracer;

	/* The JVM waits for this process, which is its child, so the tracer is no child of the JVM. */
	if (fork())
		_exit(EXIT_SUCCESS);
	if (!become_independent() || !map_all())
		return EXIT_FAILURE;
	memory.shared->guardian = (__u32)getpid();
	tracer = fork();
	if (tracer) {
		close(PT_SOCKET);
		if (tracer > 0 && guard(tracer))
			trace();
		return EXIT_SUCCESS;
	}
	if (!start_watching())
		return EXIT_FAILURE;
	__atomic_store_n(&memory.shared->tracer, (__u32)getpid(), __ATOMIC_RELEASE);
	syscall(SYS_futex, &memory.shared->tracer, FUTEX_WAKE, 1, NULL, NULL, 0);
	trace();
	return EXIT_SUCCESS;
}
