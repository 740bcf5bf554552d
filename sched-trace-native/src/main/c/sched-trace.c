/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sched-trace: what the user starts. It runs the command as its own child, with everything as it was given it, and the
 * JVM that traces the command beside it. It waits for both, and ends as the command has ended. If the JVM dies, the
 * command runs on.
 */
#include <errno.h>
#include <limits.h>
#include <linux/bpf.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "control.h"
#include "descriptors.h"
#include "launch.h"
#include "launch_files.h"
#include "launch_jvm.h"
#include "launch_load.h"
#include "launch_options.h"
#include "launch_signals.h"
#include "launch_user.h"

/* As of Options.java. */
#define OWN_FAILURE 125
#define CANNOT_RUN 126
#define NOT_FOUND 127

struct launcher {
	struct launch_options options;
	struct run_as user;
	struct signals signals;
	int socket;			/* to the JVM; -1 = it has gone */
	pid_t jvm;
	pid_t command;			/* 0 = not started */
	int failure;			/* a pipe that brings errno if the command cannot be executed; -1 = it has been */
	int status;			/* of the command, as waitpid(2) returns it */
	bool ended;			/* the command */
};

static _Noreturn void give_up(const char *what)
{
	dprintf(STDERR_FILENO, "sched-trace: %s: %s\n", what, strerror(errno));
	_exit(OWN_FAILURE);
}

/* Ends this process, and first the witness, which might find nobody to reap it. */
static _Noreturn void end(struct launcher *launcher, int status)
{
	end_witness(&launcher->signals);
	_exit(status);
}

static void tell(struct launcher *launcher, int value)
{
	struct launch_event event = { .value = value };

	if (launcher->socket >= 0)
		send(launcher->socket, &event, sizeof(event), MSG_NOSIGNAL);
}

/* Waits for the JVM, which ends with its socket. Returns its status. */
static int wait_for_jvm(struct launcher *launcher)
{
	int status = 0;

	if (launcher->socket >= 0)
		close(launcher->socket);
	launcher->socket = -1;
	while (waitpid(launcher->jvm, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* The JVM has ended before the command was started: it has said why. */
static _Noreturn void end_with_jvm(struct launcher *launcher)
{
	int status = wait_for_jvm(launcher);

	if (!WIFSIGNALED(status))
		end(launcher, WEXITSTATUS(status) ? WEXITSTATUS(status) : OWN_FAILURE);
	dprintf(STDERR_FILENO, "sched-trace: the tracer was ended by signal %d; nothing was started\n", WTERMSIG(status));
	end(launcher, OWN_FAILURE);
}

/* Tags this process for a launch, or removes the tag. Returns 0 or -1, see errno. */
static int tag(int program, const struct st_tag_args *args)
{
	union bpf_attr attr = { .test = { .prog_fd = (__u32)program, .ctx_in = (__u64)(unsigned long)args,
					  .ctx_size_in = sizeof(*args) } };

	if (syscall(SYS_bpf, BPF_PROG_TEST_RUN, &attr, sizeof(attr)))
		return -1;
	errno = attr.test.retval == ST_TAG_REFUSED ? EPERM : ENOMEM;
	return attr.test.retval ? -1 : 0;
}

/* Whether a directory of PATH has a file of that name. */
static bool is_on_path(const char *name)
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];

	for (size_t length; path; path = path[length] ? path + length + 1 : NULL) {
		length = strcspn(path, ":");
		snprintf(file, sizeof(file), "%.*s/%s", (int)length, path, name);
		if (!access(file, F_OK))
			return true;
	}
	return false;
}

/* The child. Executes the command, or tells why that is not possible and waits to be killed. */
static _Noreturn void execute(struct launcher *launcher, const struct launch_order *order, int failure)
{
	char **command = launcher->options.command;
	int error;

	if (order->traceparent[0])
		setenv("TRACEPARENT", order->traceparent, true);
	if (!become_user(&launcher->user)) {
		give_signals_back(&launcher->signals);
		execvp(command[0], command);
	}
	error = errno;
	/* execvp(3) also says so of a directory of PATH that this user may not search. */
	if (error == EACCES && !strchr(command[0], '/') && !is_on_path(command[0]))
		error = ENOENT;
	if (write(failure, &error, sizeof(error)) == sizeof(error))
		for (;;)
			pause();
	_exit(CANNOT_RUN);
}

/* Keeps no descriptor of the command open, so that the other end of a pipe sees when the command closes it. */
static void forget_files(const struct launcher *launcher)
{
	int only[] = { STDERR_FILENO, launcher->signals.fd, launcher->signals.witness, launcher->socket,
		       launcher->failure };

	close_others(only, sizeof(only) / sizeof(only[0]));
}

/* Starts the command. Returns false if this process cannot be traced. */
static bool start(struct launcher *launcher, const struct launch_order *order, int program)
{
	struct st_tag_args args = { .session = order->session, .kind = ST_TAG_LAUNCH, .span = order->span };
	struct st_tag_args none = { .kind = ST_TAG_NONE };
	int early[64], n = 0, pair[2];
	bool sent;

	if (tag(program, &args))
		return false;
	if (!make_pipe(pair))
		give_up("cannot make a pipe");
	/* The command does not exist yet, so that it cannot have got these. */
	while (n < 64 && (early[n] = next_signal(&launcher->signals, &sent)))
		n += (early[n] != SIGCHLD || sent) && is_for_child(&launcher->signals, early[n], -1);
	launcher->command = fork();
	if (!launcher->command)
		execute(launcher, order, pair[1]);
	if (launcher->command < 0)
		give_up("cannot start a process");
	tag(program, &none);
	launcher->failure = pair[0];
	for (int i = 0; i < n; i++)
		kill(launcher->command, early[i]);
	return true;
}

/* Loads the programs and starts the command, and tells the JVM. Returns false if the JVM has to do the former. */
static bool start_early(struct launcher *launcher)
{
	struct launch_hello hello = { .pid = 0 };
	struct launch_order order = { .session = LAUNCH_SESSION };
	struct programs programs;
	__u64 trace_id[2];
	bool by_helper, started;

	if (!launcher->options.sure || getenv("TRACEPARENT") || !load_early(&programs, &by_helper))
		return false;
	if (getrandom(&order.span, sizeof(order.span), 0) < 0 || getrandom(trace_id, sizeof(trace_id), 0) < 0)
		give_up("cannot make an id");
	snprintf(hello.trace_id, sizeof(hello.trace_id), "%016llx%016llx", trace_id[0], trace_id[1]);
	snprintf(order.traceparent, sizeof(order.traceparent), "00-%s-%016llx-01", hello.trace_id, order.span);
	started = start(launcher, &order, programs.tag_thread);
	if (started) {
		hello.by_helper = by_helper;
		hello.pid = launcher->command;
		send_programs(launcher->socket, &programs, &hello.programs, sizeof(hello));
	}
	close_programs(&programs);
	return started;
}

/* Reads an order. Returns false if the JVM has gone. */
static bool receive(struct launcher *launcher, struct launch_order *order, int *program)
{
	struct descriptors descriptors;
	ssize_t length = receive_descriptors(launcher->socket, order, sizeof(*order), &descriptors, 0);

	if (length != sizeof(*order) || descriptors.count != 1) {
		close_descriptors(&descriptors);
		return false;
	}
	*program = descriptors.fds[0];
	order->traceparent[LAUNCH_TRACEPARENT_LEN - 1] = 0;
	return true;
}

/* The command cannot be executed: says so as a shell does, and leaves no trace of it. */
static _Noreturn void end_unexecuted(struct launcher *launcher, int error)
{
	kill(launcher->jvm, SIGKILL);
	wait_for_jvm(launcher);
	kill(launcher->command, SIGKILL);
	waitpid(launcher->command, NULL, 0);
	dprintf(STDERR_FILENO, "sched-trace: %s: %s\n", launcher->options.command[0],
		error == ENOENT ? "command not found" : strerror(error));
	end(launcher, error == ENOENT ? NOT_FOUND : CANNOT_RUN);
}

static void on_executed(struct launcher *launcher)
{
	int error;

	if (read(launcher->failure, &error, sizeof(error)) == sizeof(error))
		end_unexecuted(launcher, error);
	close(launcher->failure);
	launcher->failure = -1;
}

/* Whether the JVM has ended as the command line of this program does, ExitCodes.java, which has said why. */
static bool has_spoken(int status)
{
	return WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 2 || WEXITSTATUS(status) == 125);
}

static void on_jvm_ended(struct launcher *launcher, int status)
{
	launcher->jvm = 0;
	if (launcher->socket >= 0)
		close(launcher->socket);
	launcher->socket = -1;
	if (!has_spoken(status))
		dprintf(STDERR_FILENO, "sched-trace: the tracer was ended by %s %d; spans are missing%s\n",
			WIFSIGNALED(status) ? "signal" : "an error, exit status",
			WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
			launcher->ended ? "" : ", and the command runs on untraced");
}

static void reap(struct launcher *launcher)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
		if (pid == launcher->jvm && !WIFSTOPPED(status)) {
			on_jvm_ended(launcher, status);
		} else if (pid == launcher->command && WIFSTOPPED(status)) {
			stop_by(WSTOPSIG(status));
		} else if (pid == launcher->command) {
			launcher->status = status;
			launcher->ended = true;
			tell(launcher, status);
		}
	}
}

static void on_signals(struct launcher *launcher)
{
	int number;
	bool sent;

	while ((number = next_signal(&launcher->signals, &sent))) {
		if (number == SIGCHLD)
			reap(launcher);
		if (number == SIGCHLD && !sent)
			continue;
		if (is_for_child(&launcher->signals, number, launcher->command) && !launcher->ended)
			kill(launcher->command, number);
	}
}

/* Waits for the command and the JVM. */
static void run(struct launcher *launcher)
{
	while (!launcher->ended || launcher->jvm) {
		struct pollfd files[] = {
			{ .fd = launcher->signals.fd, .events = POLLIN },
			{ .fd = launcher->failure, .events = POLLIN },
		};

		if (poll(files, 2, -1) < 0 && errno != EINTR)
			give_up("cannot wait");
		if (files[1].revents)
			on_executed(launcher);
		if (files[0].revents)
			on_signals(launcher);
	}
}

/* Starts the command when the JVM orders it. */
static void start_by_order(struct launcher *launcher)
{
	struct launch_hello hello = { .pid = 0 };
	struct programs none;
	struct launch_order order;
	int program;

	memset(&none, -1, sizeof(none));
	send_programs(launcher->socket, &none, &hello.programs, sizeof(hello));
	if (!receive(launcher, &order, &program))
		end_with_jvm(launcher);
	if (!start(launcher, &order, program))
		give_up("cannot trace this process");
	close(program);
	tell(launcher, launcher->command);
}

int main(int argc, char **argv)
{
	struct launcher launcher = { .socket = -1, .failure = -1 };
	int pair[2], status;

	find_command(&launcher.options, argc, argv);
	if (!launcher.options.command) {
		become_jvm(argv + 1);
		return OWN_FAILURE;
	}
	if (!take_signals(&launcher.signals) || !start_witness(&launcher.signals) || !make_sockets(pair))
		give_up("cannot begin");
	status = find_user(&launcher.user, &launcher.options);
	if (status)
		end(&launcher, status);
	launcher.socket = pair[0];
	launcher.jvm = start_jvm(&launcher.options, argv + 1, pair[1]);
	close(pair[1]);
	if (launcher.jvm < 0)
		end(&launcher, OWN_FAILURE);
	if (!start_early(&launcher))
		start_by_order(&launcher);
	forget_files(&launcher);
	run(&launcher);
	end_witness(&launcher.signals);
	end_as(launcher.status);
}
