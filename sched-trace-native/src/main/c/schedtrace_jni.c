/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JNI shim: makes programs.h and probe.h available to Java. Calls that run rarely throw
 * io.schedtrace.bpf.ProbeException, the others return -errno. JNI_OnLoad binds the methods with RegisterNatives.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <jni.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "fingerprint.h"
#include "daemon_jni.h"
#include "helper_jni.h"
#include "order_jni.h"
#include "probe.h"
#include "processes_jni.h"
#include "programs.h"
#include "record.h"
#include "shared_threads.h"
#include "tracer_client.h"

#define PROBE "io/schedtrace/bpf/KernelProbe"
#define EXCEPTION "io/schedtrace/bpf/ProbeException"
#define LOG_LEN (16 * 1024)

/* libbpf's log of the current call. One thread loads or attaches at a time. */
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static char log_text[LOG_LEN];
static size_t log_len;

static int keep_log(enum libbpf_print_level level, const char *format, va_list args)
{
	int n;

	if (level == LIBBPF_DEBUG)
		return 0;
	if (log_len > LOG_LEN / 2) {	/* the end of a verifier's log is more useful than its middle */
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

/* Loads the programs and opens the probe. Returns null on failure, and what has failed; see errno. */
static struct probe *load_probe(size_t ring_bytes, const char **failed)
{
	struct programs programs;

	*failed = load_programs(&programs, ring_bytes, NULL);
	return *failed ? NULL : open_probe(&programs, ring_bytes, failed);
}

static jlong probe_open(JNIEnv *env, jclass class, jint ring_bytes)
{
	struct probe *probe;
	const char *failed;

	(void)class;
	pthread_mutex_lock(&log_lock);
	log_len = 0;
	errno = 0;
	probe = load_probe((size_t)ring_bytes, &failed);
	if (!probe)
		throw_probe(env, failed, errno);
	pthread_mutex_unlock(&log_lock);
	return (jlong)(intptr_t)probe;
}

/* Starts the tracer from a file, or from the bytes of its program if file is null. */
static struct probe *start(JNIEnv *env, const char *file, jbyteArray program, size_t ring_bytes, const char **failed)
{
	jbyte *bytes = file ? NULL : (*env)->GetByteArrayElements(env, program, NULL);
	struct tracer *tracer = NULL;
	int saved;

	*failed = "cannot start the tracer";
	errno = ENOMEM;
	if (file || bytes)
		tracer = start_tracer(file, bytes, (size_t)(*env)->GetArrayLength(env, program), ring_bytes, failed);
	saved = errno;
	if (bytes)
		(*env)->ReleaseByteArrayElements(env, program, bytes, JNI_ABORT);
	errno = saved;
	return tracer ? open_tracer_probe(tracer, failed) : NULL;
}

static jlong probe_open_tracer(JNIEnv *env, jclass class, jstring path, jbyteArray program, jint ring_bytes)
{
	const char *file = path ? (*env)->GetStringUTFChars(env, path, NULL) : NULL;
	struct probe *probe;
	const char *failed;

	(void)class;
	if (path && !file)
		return 0;
	probe = start(env, file, program, (size_t)ring_bytes, &failed);
	if (!probe) {
		pthread_mutex_lock(&log_lock);
		log_len = 0;
		throw_probe(env, failed, errno);
		pthread_mutex_unlock(&log_lock);
	}
	if (file)
		(*env)->ReleaseStringUTFChars(env, path, file);
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
	(void)env;
	(void)class;
	return await_records(probe_of(handle), timeout_millis);
}

static jint probe_wake(JNIEnv *env, jclass class, jlong handle)
{
	(void)env;
	(void)class;
	return wake_reader(probe_of(handle));
}

static jboolean probe_is_lost(JNIEnv *env, jclass class, jlong handle)
{
	(void)env;
	(void)class;
	return is_lost(probe_of(handle));
}

static jint tag(jlong handle, enum st_tag_kind kind, jlong session, jlong span)
{
	struct st_tag_args args = { .session = (__u64)session, .kind = kind, .span = (__u64)span };

	return tag_calling_thread(probe_of(handle), &args);
}

static jint probe_tag_thread(JNIEnv *env, jclass class, jlong handle, jlong session)
{
	(void)env;
	(void)class;
	return tag(handle, ST_TAG_TEST, session, 0);
}

static jint probe_tag_jvm(JNIEnv *env, jclass class, jlong handle, jlong session)
{
	(void)class;
	if (session)
		watch_shared_threads(env, probe_of(handle));
	else
		unwatch_shared_threads(probe_of(handle));
	return tag(handle, ST_TAG_JVM, session, 0);
}

static jint probe_tag_launch(JNIEnv *env, jclass class, jlong handle, jlong session, jlong span)
{
	(void)env;
	(void)class;
	return tag(handle, ST_TAG_LAUNCH, session, span);
}

static jint probe_untag(JNIEnv *env, jclass class, jlong handle)
{
	(void)env;
	(void)class;
	return tag(handle, ST_TAG_NONE, 0, 0);
}

static jint probe_find_missed(JNIEnv *env, jclass class, jlong handle, jlong session)
{
	(void)env;
	(void)class;
	return find_missed_ends(probe_of(handle), (__u64)session);
}

static jint probe_wipe(JNIEnv *env, jclass class, jlong handle)
{
	(void)env;
	(void)class;
	return wipe_ring(probe_of(handle));
}

static jlongArray probe_members(JNIEnv *env, jclass class, jlong handle, jlong session)
{
	__s64 *pids;
	long n = list_members(probe_of(handle), (__u64)session, &pids);
	jlongArray array = NULL;

	(void)class;
	if (n < 0)
		throw_probe(env, "cannot list the processes of a session", errno);
	else
		array = (*env)->NewLongArray(env, (jsize)n);
	if (array)
		(*env)->SetLongArrayRegion(env, array, 0, (jsize)n, (const jlong *)pids);
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

/* Returns what to add to CLOCK_MONOTONIC to get CLOCK_REALTIME, from the shortest of several measurements. */
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
	unwatch_shared_threads(probe_of(handle));
	close_probe(probe_of(handle));
}

static jlong probe_fingerprint(JNIEnv *env, jclass class)
{
	(void)env;
	(void)class;
	return (jlong)ST_LAYOUT_FINGERPRINT;
}

static const JNINativeMethod natives[] = {
	{ "open", "(I)J", probe_open },
	{ "openTracer", "(Ljava/lang/String;[BI)J", probe_open_tracer },
	{ "consumer", "(J)Ljava/nio/ByteBuffer;", probe_consumer },
	{ "producer", "(J)Ljava/nio/ByteBuffer;", probe_producer },
	{ "sessions", "(J)Ljava/nio/ByteBuffer;", probe_sessions },
	{ "await", "(JI)I", probe_await },
	{ "wake", "(J)I", probe_wake },
	{ "isLost", "(J)Z", probe_is_lost },
	{ "tagThread", "(JJ)I", probe_tag_thread },
	{ "tagJvm", "(JJ)I", probe_tag_jvm },
	{ "tagLaunch", "(JJJ)I", probe_tag_launch },
	{ "untag", "(J)I", probe_untag },
	{ "findMissed", "(JJ)I", probe_find_missed },
	{ "wipe", "(J)I", probe_wipe },
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
	if (!class || (*env)->RegisterNatives(env, class, natives, sizeof(natives) / sizeof(natives[0])) ||
	    register_processes(env) || register_helper(env) || register_daemon(env) || register_launcher(env))
		return JNI_ERR;
	return JNI_VERSION_1_8;
}
