/* SPDX-License-Identifier: Apache-2.0 */
#include "launch_jvm.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "launch.h"
#include "launch_files.h"
#include "launch_signals.h"

#define MAIN_CLASS "io.schedtrace.cli.SchedTrace"

struct jvm {
	char java[PATH_MAX + 32];
	char class_path[PATH_MAX + 32];
	char library[PATH_MAX + 64];
	char more[PATH_MAX + 32];	/* @FILE with more options; empty = there is no such file */
};

/* Variables that are meant for the command and would change the JVM. A trailing * stands for anything. */
static const char *const not_for_jvm[] = {
	"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JAVA_OPTIONS", "CLASSPATH", "LD_*", "GLIBC_TUNABLES",
	"MALLOC_*",
};

static bool matches(const char *variable, const char *pattern)
{
	size_t length = strcspn(pattern, "*");

	return !strncmp(variable, pattern, length) && (pattern[length] || variable[length] == '=');
}

static void clean_environment(void)
{
	char **kept = environ;

	for (char **variable = environ; *variable; variable++) {
		bool keep = true;

		for (size_t i = 0; i < sizeof(not_for_jvm) / sizeof(not_for_jvm[0]); i++)
			keep = keep && !matches(*variable, not_for_jvm[i]);
		if (keep)
			*kept++ = *variable;
	}
	*kept = NULL;
}

/* Finds the files of the JVM around that of this program. */
static bool find_jvm(struct jvm *jvm)
{
	char directory[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", directory, sizeof(directory) - 1);

	if (length < 0) {
		dprintf(STDERR_FILENO, "sched-trace: cannot read /proc/self/exe: %s; mount /proc\n", strerror(errno));
		return false;
	}
	directory[length] = 0;
	for (int i = 0; i < 2; i++)
		if (strrchr(directory, '/'))
			*strrchr(directory, '/') = 0;
	if (strchr(directory, ':')) {
		dprintf(STDERR_FILENO,
			"sched-trace: Java cannot have a colon in a class path: move %s to a path without one\n", directory);
		return false;
	}
	snprintf(jvm->java, sizeof(jvm->java), "%s/runtime/bin/java", directory);
	snprintf(jvm->class_path, sizeof(jvm->class_path), "%s/lib/*", directory);
	snprintf(jvm->library, sizeof(jvm->library), "-Dio.schedtrace.library=%s/lib/libschedtrace.so", directory);
	snprintf(jvm->more, sizeof(jvm->more), "@%s/lib/java.args", directory);
	if (access(jvm->more + 1, R_OK))
		jvm->more[0] = 0;
	return true;
}

/* Executes Java: its own options, then n words, then those of the list last. Returns on failure. */
static void execute(const struct jvm *jvm, const char *launcher, char **words, int n, const char *const *last)
{
	const char *first[] = {
		"java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto", "-Xlog:disable",
		"--enable-native-access=ALL-UNNAMED", "-Dsun.misc.unsafe.memory.access=allow", jvm->library,
		jvm->more[0] ? jvm->more : NULL, "-cp", jvm->class_path, launcher, MAIN_CLASS,
	};
	size_t own = sizeof(first) / sizeof(first[0]), count = 0;
	char **all = calloc(own + (size_t)n + 3, sizeof(*all));

	if (!all)
		return;
	for (size_t i = 0; i < own; i++)
		if (first[i])
			all[count++] = (char *)first[i];
	for (int i = 0; i < n; i++)
		all[count++] = words[i];
	for (; *last; last++)
		all[count++] = (char *)*last;
	clean_environment();
	execv(jvm->java, all);
	dprintf(STDERR_FILENO, "sched-trace: cannot execute %s: %s; install sched-trace again\n", jvm->java,
		strerror(errno));
	free(all);
}

void become_jvm(char **arguments)
{
	static const char *const nothing[] = { NULL };
	struct jvm jvm;
	int n = 0;

	while (arguments[n])
		n++;
	if (find_jvm(&jvm))
		execute(&jvm, NULL, arguments, n, nothing);
}

static void put(int fd, int number)
{
	if (fd >= 0)
		dup2(fd, number);
	else
		close(number);
}

/* Gives this process the descriptors 0 to LAUNCH_SOCKET of a JVM, and no others. */
static void arrange(int output, int socket)
{
	int only[LAUNCH_SOCKET + 1];
	int null = fcntl(open("/dev/null", O_RDWR | O_CLOEXEC), F_DUPFD_CLOEXEC, LAUNCH_SOCKET + 1);
	int out = fcntl(output, F_DUPFD_CLOEXEC, LAUNCH_SOCKET + 1);
	int moved = fcntl(socket, F_DUPFD_CLOEXEC, LAUNCH_SOCKET + 1);
	bool has_stderr = fcntl(STDERR_FILENO, F_GETFD) >= 0;

	put(null, STDIN_FILENO);
	put(out >= 0 ? out : null, STDOUT_FILENO);
	if (!has_stderr)
		put(null, STDERR_FILENO);
	put(moved, LAUNCH_SOCKET);
	for (int i = 0; i <= LAUNCH_SOCKET; i++)
		only[i] = i;
	close_others(only, LAUNCH_SOCKET + 1);
}

pid_t start_jvm(const struct launch_options *options, char **arguments, int socket)
{
	/* The JVM needs the options alone. That there is a command is all it is told of it. */
	static const char *const placeholder[] = { "--", "COMMAND", NULL };
	struct jvm jvm;
	pid_t pid;

	if (!find_jvm(&jvm))
		return -1;
	pid = fork();
	if (pid < 0)
		dprintf(STDERR_FILENO, "sched-trace: cannot start a process: %s\n", strerror(errno));
	if (pid)
		return pid;
	arrange(options->output, socket);
	setsid();
	reset_signals();
	execute(&jvm, options->output < 0 ? "-Dio.schedtrace.launcher=true" : "-Dio.schedtrace.launcher=output", arguments,
		options->count, placeholder);
	_exit(125);
}
