/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grow SEED SIZE TRUTH: grows a random tree of at most SIZE processes, in every way that there is to make, change and
 * end a process, with connections opened, accepted, inherited, passed on, refused and reset. Each process writes what it
 * does into the file TRUTH (truth.h) before it does it.
 */
#include "network.h"
#include "truth.h"
#include <errno.h>
#include <linux/io_uring.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

extern char **environ;

static struct truth *truth;
static struct process *self;
static uint64_t seed, state;
static const char *truth_path;

static void broken(const char *what)
{
	fprintf(stderr, "grow %d: %s: %s\n", getpid(), what, strerror(errno));
	__atomic_add_fetch(&truth->failures, 1, __ATOMIC_RELAXED);
}

/* splitmix64 */
static uint64_t next_random(void)
{
	uint64_t z = (state += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static int dice(int sides)
{
	return (int)(next_random() % (uint64_t)sides);
}

static int index_of(const struct process *process)
{
	return (int)(process - truth->process);
}

#include "grow_sockets.h"

/* The entry of a child to be; null if there are enough. It starts with what a fork inherits. */
static struct process *new_child(int way)
{
	int i = __atomic_fetch_add(&truth->processes, 1, __ATOMIC_RELAXED);
	struct process *child;

	if (i >= truth->size)
		return NULL;
	child = &truth->process[i];
	*child = (struct process){ .parent = getpid(), .threads = 1, .way = way, .args_len = self->args_len };
	memcpy(child->args, self->args, sizeof(child->args));
	return child;
}

#define MAX_ARGS 10

/* The arguments with which a process begins its program anew; noted as its last ones. Some are odd on purpose. */
static char **new_args(struct process *process, int hops, char *buffer, char **argv)
{
	static const char *odd[] = { "", "a b", "\xc3\xa4\xff", "*", "-", "line\nbreak", "x=y", "\x1b[31m" };
	int n = 0, used = 0;
	int extra = dice(4);

	argv[n++] = "grow";
	argv[n++] = buffer;
	used += sprintf(buffer, "%llu", (unsigned long long)seed) + 1;
	argv[n++] = buffer + used;
	used += sprintf(buffer + used, "%d", index_of(process)) + 1;
	argv[n++] = buffer + used;
	used += sprintf(buffer + used, "%d", hops) + 1;
	for (int i = 0; i < extra; i++)
		argv[n++] = (char *)odd[dice(8)];
	argv[n] = NULL;
	process->args_len = 0;
	for (int i = 0; i < n; i++) {
		strcpy(process->args + process->args_len, argv[i]);
		process->args_len += (int)strlen(argv[i]) + 1;
	}
	process->execs++;
	process->threads = 1;
	return argv;
}

static void exec_again(int hops)
{
	char buffer[64], *argv[MAX_ARGS];

	new_args(self, hops, buffer, argv);
	if (dice(2)) {
		execv("/proc/self/exe", argv);
	} else {
		int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

		syscall(SYS_execveat, fd, "", argv, environ, AT_EMPTY_PATH);
	}
	broken("exec");
	_exit(1);
}

/* Leaves a thread of the kernel to the process, which polls for io_uring(7) and ends when all others have. */
static void leave_to_kernel(void)
{
	struct io_uring_params params = { .flags = IORING_SETUP_SQPOLL, .sq_thread_idle = 1 };

	if (syscall(SYS_io_uring_setup, 1, &params) < 0 && errno != EPERM && errno != ENOSYS)
		broken("io_uring_setup");
}

static void end_now(void)
{
	static const int deadly[] = { SIGKILL, SIGTERM, SIGSEGV, SIGABRT, SIGPIPE };

	if (!dice(12))
		leave_to_kernel();
	if (dice(8)) {
		int code = dice(3) ? 0 : dice(256);

		self->status = code << 8;
		_exit(code);
	}
	self->status = deadly[dice(5)];
	raise(self->status);
	broken("raise");
	_exit(1);
}

static void live(int depth);

static void become(struct process *child)
{
	self = child;
	self->pid = getpid();
	state = seed * 1000003 + (uint64_t)index_of(child);
}

static void *thread_naps(void *unused)
{
	usleep((useconds_t)dice(500));
	return unused;
}

static void *thread_forks(void *depth)
{
	live((int)(intptr_t)depth);
	return NULL;
}

static void *thread_execs(void *unused)
{
	exec_again(0);
	return unused;
}

/* Runs on when the leader has gone. */
static void *thread_survives(void *how)
{
	usleep(300);
	if (how)
		_exit(77);
	syscall(SYS_exit, LAST_CODE);
	return NULL;
}

static pthread_t new_thread(void *(*body)(void *), void *argument)
{
	pthread_t thread;

	__atomic_add_fetch(&self->threads, 1, __ATOMIC_RELAXED);
	errno = pthread_create(&thread, NULL, body, argument);
	if (errno)
		broken("pthread_create");
	return thread;
}

/* The leader ends before its other thread does: by exit_group of that one, or each for itself. */
static void leave_early(void)
{
	bool group = dice(2);

	self->status = group ? 77 << 8 : LEADER_OR_LAST;
	new_thread(thread_survives, (void *)(intptr_t)group);
	syscall(SYS_exit, LEADER_CODE);
}

/* What a child does that has been forked: something, and then its end. */
static void grow_up(struct process *child, int depth)
{
	become(child);
	switch (dice(10)) {
	case 0:
	case 1:
	case 2:
		exec_again(dice(4));
		break;
	case 3:
		pthread_join(new_thread(thread_execs, NULL), NULL);
		break;
	case 4:
		leave_early();
		break;
	case 5:
		pthread_join(new_thread(thread_forks, (void *)(intptr_t)(depth + 1)), NULL);
		break;
	case 6:
		for (int i = dice(4); i >= 0; i--)
			pthread_join(new_thread(thread_naps, NULL), NULL);
		live(depth + 1);
		break;
	default:
		live(depth + 1);
	}
	end_now();
}

#include "grow_ways.h"

static void live(int depth)
{
	int n = depth == 0 ? 1 << 20 : dice(depth > 6 ? 2 : 4);

	for (int i = 0; i < n && __atomic_load_n(&truth->processes, __ATOMIC_RELAXED) < truth->size; i++) {
		if (!dice(3))
			use_sockets();
		ways[dice(WAYS)](depth);
	}
}

static void map_truth(bool create, int size)
{
	int fd = open(truth_path, O_RDWR | O_CLOEXEC | (create ? O_CREAT | O_TRUNC : 0), 0600);

	if (fd < 0 || (create && ftruncate(fd, sizeof(*truth))))
		fail(truth_path);
	truth = mmap(NULL, sizeof(*truth), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (truth == MAP_FAILED)
		fail("mmap");
	close(fd);
	if (create) {
		truth->size = size;
		truth->processes = 1;
	}
}

/* grow SEED INDEX HOPS [ODD...] is a process that has begun its program anew. */
static void go_on(char **argv)
{
	int hops = atoi(argv[3]);

	truth_path = getenv("GROW_TRUTH");
	map_truth(false, 0);
	self = &truth->process[atoi(argv[2])];
	self->pid = getpid();
	state = seed * 1000003 + (uint64_t)index_of(self) + 7919 * (uint64_t)(self->execs + 1);
	if (hops > 0)
		exec_again(hops - 1);
	live(2);
	end_now();
}

int main(int argc, char **argv)
{
	struct rlimit none = { 0, 0 };

	if (argc < 4)
		return fprintf(stderr, "usage: grow SEED SIZE TRUTH\n"), 2;
	seed = strtoull(argv[1], NULL, 10);
	state = seed;
	if (getenv("GROW_TRUTH"))
		go_on(argv);
	setrlimit(RLIMIT_CORE, &none);
	for (int i = 1; i < SIGRTMIN; i++)	/* whoever started this may ignore some, as nohup does */
		signal(i, SIG_DFL);
	truth_path = argv[3];
	setenv("GROW_TRUTH", truth_path, 1);
	enter_network();
	map_truth(true, atoi(argv[2]) < MAX_PROCESSES ? atoi(argv[2]) : MAX_PROCESSES);
	self = &truth->process[0];
	*self = (struct process){ .pid = getpid(), .parent = -1, .execs = 1, .threads = 1 };
	for (int i = 0; i < argc; i++) {
		strcpy(self->args + self->args_len, argv[i]);
		self->args_len += (int)strlen(argv[i]) + 1;
	}
	live(0);
	while (waitpid(-1, NULL, 0) > 0)
		;
	return truth->failures ? 125 : 0;
}
