/* SPDX-License-Identifier: Apache-2.0 */
#include "launch_user.h"
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "launch_files.h"
#include "launch_signals.h"

#define USAGE 2
#define OWN_FAILURE 125

/* Runs a program and reads what it prints. Returns whether it has succeeded. A static program cannot use NSS itself. */
static bool print(char *text, size_t size, const char *const *arguments)
{
	int pair[2], status = 0;
	size_t length = 0;
	ssize_t got;
	pid_t pid;

	if (!make_pipe(pair))
		return false;
	pid = fork();
	if (!pid) {
		dup2(pair[1], STDOUT_FILENO);
		reset_signals();
		execvp(arguments[0], (char **)arguments);
		_exit(127);
	}
	close(pair[1]);
	while (pid > 0 && length < size - 1 && (got = read(pair[0], text + length, size - 1 - length)) > 0)
		length += (size_t)got;
	close(pair[0]);
	text[length] = 0;
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status;
}

/* Returns the field with that number, and ends it with a NUL; null if there is none. */
static const char *field(char *line, int number)
{
	for (; number > 0 && line; number--) {
		line = strchr(line, ':');
		line = line ? line + 1 : NULL;
	}
	return line;
}

/* Reads a line of passwd(5). */
static bool read_entry(struct run_as *user, char *line)
{
	const char *uid = field(line, 2), *gid = field(line, 3), *home = field(line, 5);

	if (!uid || !gid || !home)
		return false;
	user->uid = (uid_t)strtoul(uid, NULL, 10);
	user->gid = (gid_t)strtoul(gid, NULL, 10);
	snprintf(user->name, sizeof(user->name), "%.*s", (int)strcspn(line, ":"), line);
	snprintf(user->home, sizeof(user->home), "%.*s", (int)strcspn(home, ":\n"), home);
	return true;
}

static bool read_groups(struct run_as *user)
{
	const char *const id[] = { "id", "-G", "--", user->name, NULL };
	char text[MAX_GROUPS * 11];
	char *at = text, *end;

	if (!print(text, sizeof(text), id))
		return false;
	for (user->count = 0; user->count < MAX_GROUPS; user->count++) {
		user->groups[user->count] = (gid_t)strtoul(at, &end, 10);
		if (end == at)
			break;
		at = end;
	}
	return user->count > 0;
}

/* The id of the user who has called sudo, or null if this is not such a call. */
static const char *caller_of_sudo(void)
{
	const char *uid = getenv("SUDO_UID");

	return uid && *uid && strspn(uid, "0123456789") == strlen(uid) && strtoul(uid, NULL, 10) && !getuid() &&
			       !geteuid() ?
		       uid :
		       NULL;
}

int find_user(struct run_as *user, const struct launch_options *options)
{
	const char *named = options->user;
	const char *wanted = named || options->root ? named : caller_of_sudo();
	const char *const getent[] = { "getent", "--", "passwd", wanted, NULL };
	char line[8192];

	memset(user, 0, sizeof(*user));
	if (!wanted)
		return 0;
	if (!print(line, sizeof(line), getent) || !read_entry(user, line)) {
		dprintf(STDERR_FILENO, "sched-trace: there is no user \"%s\"; getent passwd lists them%s\n", wanted,
			named ? "" : ", or use --root");
		return named ? USAGE : OWN_FAILURE;
	}
	if (!read_groups(user)) {
		dprintf(STDERR_FILENO, "sched-trace: id -G cannot list the groups of %s\n", user->name);
		return OWN_FAILURE;
	}
	user->change = true;
	if (!named)
		dprintf(STDERR_FILENO, "sched-trace: the command runs as %s, who has called sudo; --root runs it as root\n",
			user->name);
	return 0;
}

/* Drops the inheritable capabilities, which a change of the user leaves. The ambient ones go with them. */
static int drop_inheritable(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	if (syscall(SYS_capget, &header, data))
		return -1;
	data[0].inheritable = data[1].inheritable = 0;
	return (int)syscall(SYS_capset, &header, data);
}

int become_user(const struct run_as *user)
{
	if (!user->change)
		return 0;
	if (drop_inheritable() || setgroups((size_t)user->count, user->groups) ||
	    setresgid(user->gid, user->gid, user->gid) || setresuid(user->uid, user->uid, user->uid))
		return -1;
	return setenv("HOME", user->home, true) || setenv("USER", user->name, true) ||
			       setenv("LOGNAME", user->name, true) ?
		       -1 :
		       0;
}
