/* SPDX-License-Identifier: Apache-2.0 */
/* The ways to make a child. The parent waits for its own, and looks whether they ended as they said. */

static void await_child(pid_t pid, struct process *child)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		broken("waitpid");
	else if (child->status == LEADER_OR_LAST && (status == LEADER_CODE << 8 || status == LAST_CODE << 8))
		child->status = status;
	else if ((status & ~0x80) != child->status)
		fprintf(stderr, "grow: %d ended with %#x, not %#x (way %d)\n", pid, status, child->status, child->way),
			broken("status");
}

/* Forks; in the child this does not return. */
static pid_t sprout(struct process *child, int depth)
{
	pid_t pid = fork();

	if (pid < 0)
		broken("fork");
	if (!pid)
		grow_up(child, depth);
	return pid;
}

static void by_fork(int depth)
{
	struct process *child = new_child(0);

	if (child)
		await_child(sprout(child, depth), child);
}

/* Several at once. */
static void by_forks(int depth)
{
	struct process *child[4];
	pid_t pid[4];

	for (int i = 0; i < 4; i++) {
		child[i] = new_child(1);
		if (child[i])
			pid[i] = sprout(child[i], depth);
	}
	for (int i = 0; i < 4; i++)
		if (child[i])
			await_child(pid[i], child[i]);
}

static void by_vfork(int depth)
{
	struct process *child = new_child(2);
	char buffer[64], *argv[MAX_ARGS];
	pid_t pid;

	(void)depth;
	if (!child)
		return;
	new_args(child, dice(2), buffer, argv);
	pid = vfork();
	if (!pid) {
		execv("/proc/self/exe", argv);
		_exit(1);
	}
	if (pid < 0)
		broken("vfork");
	await_child(pid, child);
}

static void by_spawn(int depth)
{
	struct process *child = new_child(3);
	char buffer[64], *argv[MAX_ARGS];
	pid_t pid;

	(void)depth;
	if (!child)
		return;
	new_args(child, dice(2), buffer, argv);
	errno = posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ);
	if (errno)
		broken("posix_spawn");
	await_child(pid, child);
}

static void by_clone3(int depth)
{
	struct process *child = new_child(4);
	struct clone_args args = { .exit_signal = SIGCHLD };
	pid_t pid;

	if (!child)
		return;
	pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (!pid)
		grow_up(child, depth);
	if (pid < 0)
		broken("clone3");
	await_child(pid, child);
}

/* A daemon: the child ends at once, the grandchild runs on under somebody else. */
static void by_double_fork(int depth)
{
	struct process *child = new_child(5);
	pid_t pid;

	if (!child)
		return;
	pid = fork();
	if (!pid) {
		struct process *grandchild;

		become(child);
		grandchild = new_child(6);
		if (grandchild && !fork()) {
			setsid();
			usleep((useconds_t)dice(2000));
			grow_up(grandchild, depth + 1);
		}
		self->status = 0;
		_exit(0);
	}
	await_child(pid, child);
}

/* The same under a subreaper, which then waits for the grandchild. */
static void by_subreaper(int depth)
{
	struct process *child = new_child(7);
	pid_t pid;

	if (!child)
		return;
	pid = fork();
	if (!pid) {
		become(child);
		prctl(PR_SET_CHILD_SUBREAPER, 1);
		by_double_fork(depth + 1);
		while (waitpid(-1, NULL, 0) > 0)
			;
		self->status = 9 << 8;
		_exit(9);
	}
	await_child(pid, child);
}

/* One that waits for a signal and gets it. */
static void by_kill(int depth)
{
	static const int signals[] = { SIGKILL, SIGTERM, SIGHUP, SIGUSR1, SIGALRM };
	struct process *child = new_child(8);
	pid_t pid;

	(void)depth;
	if (!child)
		return;
	child->status = signals[dice(5)];
	pid = fork();
	if (!pid) {
		become(child);
		for (;;)
			pause();
	}
	while (!__atomic_load_n(&child->pid, __ATOMIC_ACQUIRE))
		usleep(50);
	if (kill(pid, child->status))
		broken("kill");
	await_child(pid, child);
}

/* A thread ends the process while others run. */
static void by_exit_group(int depth)
{
	struct process *child = new_child(9);
	pid_t pid;

	(void)depth;
	if (!child)
		return;
	pid = fork();
	if (!pid) {
		become(child);
		for (int i = 0; i < 3; i++)
			new_thread(thread_naps, NULL);
		self->status = 21 << 8;
		_exit(21);
	}
	await_child(pid, child);
}

static void (*const ways[])(int depth) = {
	by_fork,	by_forks,     by_vfork, by_spawn,      by_clone3,
	by_double_fork, by_subreaper, by_kill,	by_exit_group,
};
#define WAYS ((int)(sizeof(ways) / sizeof(ways[0])))
