/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JNI shim: hands the probe's ring buffer and sessions to Java, waits, tags threads.
 * Cold calls throw io.schedtrace.bpf.ProbeException, hot ones return -errno. Natives are bound by RegisterNatives.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <jni.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>
#include "control.h"
#include "fingerprint.h"
#include "probe.h"
#include "record.h"

#define PROBE "io/schedtrace/bpf/KernelProbe"
#define EXCEPTION "io/schedtrace/bpf/ProbeException"
#define LOG_LEN (16 * 1024)

/* libbpf's log of the call under way. One thread loads or attaches at a time. */
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static char log_text[LOG_LEN];
static size_t log_len;

static int keep_log(enum libbpf_print_level level, const char *format, va_list args)
{
	int n;

	if (level == LIBBPF_DEBUG)
		return 0;
	if (log_len > LOG_LEN / 2) {	/* the end of a verifier's log says more than its middle */
		memmove(log_text, log_text + log_len - LOG_LEN / 4, LOG_LEN / 4);
		log_len = LOG_LEN / 4;
	}
	n = vsnprintf(log_text + log_len, LOG_LEN - log_len, format, args);
	if (n > 0)
		log_len += (size_t)n < LOG_LEN - log_len ? (size_t)n : LOG_LEN - log_len - 1;
	return 0;
}

static void throw_probe(JNIEnv *env, const char *what, int error)
{
	char text[LOG_LEN + 256];
	jclass class = (*env)->FindClass(env, EXCEPTION);
	jmethodID init = class ? (*env)->GetMethodID(env, class, "<init>", "(Ljava/lang/String;I)V") : NULL;
	jstring message;
	jobject exception;

	if (!init)
		return;
	for (size_t i = 0; i < log_len; i++)	/* NewStringUTF wants modified UTF-8; ASCII always is */
		if ((unsigned char)log_text[i] >= 0x80 || !log_text[i])
			log_text[i] = '?';
	snprintf(text, sizeof(text), "%s: %s%s%.*s", what, strerror(error), log_len ? "\n" : "", (int)log_len, log_text);
	message = (*env)->NewStringUTF(env, text);
	exception = message ? (*env)->NewObject(env, class, init, message, error) : NULL;
	if (exception)
		(*env)->Throw(env, exception);
}

static jlong probe_open(JNIEnv *env, jclass class, jint ring_bytes, jlong wakeup_bytes)
{
	struct probe *probe = calloc(1, sizeof(*probe));
	const char *failed;

	(void)class;
	if (!probe) {
		throw_probe(env, "cannot load the BPF program", ENOMEM);
		return 0;
	}
	probe->epoll = -1;
	probe->event = -1;
	probe->page = (size_t)sysconf(_SC_PAGESIZE);
	probe->ring_bytes = (size_t)ring_bytes;

	pthread_mutex_lock(&log_lock);
	log_len = 0;
	errno = 0;
	failed = load_probe(probe, (__u64)wakeup_bytes);
	if (failed) {
		int error = errno;

		destroy_probe(probe);
		throw_probe(env, failed, error);
		probe = NULL;
	}
	pthread_mutex_unlock(&log_lock);
	return (jlong)(intptr_t)probe;
}

static struct probe *probe_of(jlong handle)
{
	return (struct probe *)(intptr_t)handle;
}

static jobject probe_consumer(JNIEnv *env, jclass class, jlong handle)
{
	(void)class;
	return (*env)->NewDirectByteBuffer(env, probe_of(handle)->consumer, (jlong)probe_of(handle)->page);
}

static jobject probe_producer(JNIEnv *env, jclass class, jlong handle)
{
	(void)class;
	return (*env)->NewDirectByteBuffer(env, probe_of(handle)->producer,
					   (jlong)(probe_of(handle)->page + 2 * probe_of(handle)->ring_bytes));
}

static jobject probe_sessions(JNIEnv *env, jclass class, jlong handle)
{
	(void)class;
	return (*env)->NewDirectByteBuffer(env, probe_of(handle)->sessions,
					   (jlong)(sizeof(struct st_session) * ST_LIMIT_SESSIONS));
}

static jint probe_await(JNIEnv *env, jclass class, jlong handle, jint timeout_millis)
{
	struct probe *probe = probe_of(handle);
	struct epoll_event events[2];
	uint64_t count;
	int n;

	(void)env;
	(void)class;
	n = epoll_wait(probe->epoll, events, 2, timeout_millis);
	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	for (int i = 0; i < n; i++)
		if (events[i].data.fd == probe->event && read(probe->event, &count, sizeof(count)) < 0 && errno != EAGAIN)
			return -errno;
	return n;
}

static jint probe_wake(JNIEnv *env, jclass class, jlong handle)
{
	uint64_t one = 1;

	(void)env;
	(void)class;
	return write(probe_of(handle)->event, &one, sizeof(one)) < 0 && errno != EAGAIN ? -errno : 0;
}

static jint probe_scope(JNIEnv *env, jclass class, jlong handle, jlong session, jint scope, jlong span)
{
	struct st_scope_args args = { .session = (__u64)session, .scope = (__u64)scope, .span = (__u64)span };
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &args, .ctx_size_in = sizeof(args));

	(void)env;
	(void)class;
	if (bpf_prog_test_run_opts(probe_of(handle)->scope_fd, &options))
		return -errno;
	return options.retval ? -ENOMEM : 0;
}

static jint probe_find_missed(JNIEnv *env, jclass class, jlong handle, jlong session)
{
	__u64 id = (__u64)session;
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &id, .ctx_size_in = sizeof(id));

	(void)env;
	(void)class;
	return bpf_prog_test_run_opts(probe_of(handle)->find_missed_fd, &options) ? -errno : 0;
}

/* The pids of a session from the file of all sessions; how many, or -1. */
static jsize read_members(int file, __u64 session, jlong **pids)
{
	struct st_member members[256];
	jsize n = 0, room = 0;
	ssize_t got;

	while ((got = read(file, members, sizeof(members))) != 0) {
		if (got < 0 && errno != EAGAIN && errno != EINTR)
			return -1;
		for (ssize_t i = 0; i < got / (ssize_t)sizeof(members[0]); i++) {
			if (members[i].session != session || !members[i].pid)
				continue;
			if (n == room) {
				jlong *more = realloc(*pids, sizeof(jlong) * (size_t)(room += 256));

				if (!more)
					return -1;
				*pids = more;
			}
			(*pids)[n++] = (jlong)members[i].pid;
		}
	}
	return n;
}

static jlongArray probe_members(JNIEnv *env, jclass class, jlong handle, jlong session)
{
	int file = bpf_iter_create(probe_of(handle)->members_fd);
	jlong *pids = NULL;
	jsize n = file < 0 ? -1 : read_members(file, (__u64)session, &pids);
	jlongArray array = NULL;
	int error = errno;

	(void)class;
	if (file >= 0)
		close(file);
	if (n < 0)
		throw_probe(env, "cannot list the processes of a session", error);
	else
		array = (*env)->NewLongArray(env, n);
	if (array)
		(*env)->SetLongArrayRegion(env, array, 0, n, pids);
	free(pids);
	return array;
}

static void probe_watch(JNIEnv *env, jclass class, jlong handle, jlong settings, jstring libc_path)
{
	const char *libc = (*env)->GetStringUTFChars(env, libc_path, NULL);
	const char *failed;

	(void)class;
	if (!libc)
		return;
	pthread_mutex_lock(&log_lock);
	log_len = 0;
	failed = watch_names(probe_of(handle), (__u64)settings, libc);
	if (failed)
		throw_probe(env, failed, errno);
	pthread_mutex_unlock(&log_lock);
	(*env)->ReleaseStringUTFChars(env, libc_path, libc);
}

static __s64 nanos(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* What to add to CLOCK_MONOTONIC to get CLOCK_REALTIME: of several readings, the one between the closest two others. */
static jlong probe_wall_offset(JNIEnv *env, jclass class)
{
	__s64 offset = 0, closest = INT64_MAX;

	(void)env;
	(void)class;
	for (int i = 0; i < 16; i++) {
		__s64 before = nanos(CLOCK_MONOTONIC);
		__s64 wall = nanos(CLOCK_REALTIME);
		__s64 after = nanos(CLOCK_MONOTONIC);

		if (after - before < closest) {
			closest = after - before;
			offset = wall - before - closest / 2;
		}
	}
	return offset;
}

static void probe_close(JNIEnv *env, jclass class, jlong handle)
{
	(void)env;
	(void)class;
	destroy_probe(probe_of(handle));
}

static jlong probe_fingerprint(JNIEnv *env, jclass class)
{
	(void)env;
	(void)class;
	return (jlong)ST_LAYOUT_FINGERPRINT;
}

static const JNINativeMethod natives[] = {
	{ "open", "(IJ)J", probe_open },
	{ "consumer", "(J)Ljava/nio/ByteBuffer;", probe_consumer },
	{ "producer", "(J)Ljava/nio/ByteBuffer;", probe_producer },
	{ "sessions", "(J)Ljava/nio/ByteBuffer;", probe_sessions },
	{ "await", "(JI)I", probe_await },
	{ "wake", "(J)I", probe_wake },
	{ "scope", "(JJIJ)I", probe_scope },
	{ "findMissed", "(JJ)I", probe_find_missed },
	{ "members", "(JJ)[J", probe_members },
	{ "watch", "(JJLjava/lang/String;)V", probe_watch },
	{ "wallOffset", "()J", probe_wall_offset },
	{ "close", "(J)V", probe_close },
	{ "fingerprint", "()J", probe_fingerprint },
};

JNIEXPORT jint JNI_OnLoad(JavaVM *vm, void *reserved)
{
	JNIEnv *env;
	jclass class;

	(void)reserved;
	if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) != JNI_OK)
		return JNI_ERR;
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	libbpf_set_print(keep_log);
	class = (*env)->FindClass(env, PROBE);
	if (!class || (*env)->RegisterNatives(env, class, natives, sizeof(natives) / sizeof(natives[0])))
		return JNI_ERR;
	return JNI_VERSION_1_8;
}
