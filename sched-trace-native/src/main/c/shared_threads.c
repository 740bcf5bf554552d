/* SPDX-License-Identifier: Apache-2.0 */
#include "shared_threads.h"
#include <jvmti.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#define FORK_JOIN "java/util/concurrent/ForkJoinPool"
#define FORK_JOIN_WORKER "java/util/concurrent/ForkJoinWorkerThread"

/* Classes of shared threads, as signatures without the semicolon; a slash at the end stands for all of a package. */
static const char *const shared_classes[] = {
	"Lorg/junit/platform/",
	"Ljdk/internal/misc/CarrierThread",
	"Ljdk/internal/misc/InnocuousThread",		/* also of process reapers, which run Process.onExit() */
	"Ljava/util/concurrent/DelayScheduler",		/* of CompletableFuture.orTimeout() since JDK 25 */
};

/* Before JDK 25 this thread is a plain one. */
#define DELAY_SCHEDULER "CompletableFutureDelayScheduler"

/* Guards both: JVMTI may still be in thread_started() after the event was disabled. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct probe *watched;
static jvmtiEnv *tools;

static bool has_shared_class(jvmtiEnv *jvmti, jclass class)
{
	bool found = false;
	char *signature;

	if ((*jvmti)->GetClassSignature(jvmti, class, &signature, NULL))
		return false;
	for (size_t i = 0; i < sizeof(shared_classes) / sizeof(shared_classes[0]); i++) {
		size_t length = strlen(shared_classes[i]);

		if (!strncmp(signature, shared_classes[i], length) &&
		    (shared_classes[i][length - 1] == '/' || signature[length] == ';'))
			found = true;
	}
	(*jvmti)->Deallocate(jvmti, (unsigned char *)signature);
	return found;
}

static bool has_shared_name(jvmtiEnv *jvmti, jthread thread)
{
	jvmtiThreadInfo info;
	bool found;

	if ((*jvmti)->GetThreadInfo(jvmti, thread, &info))
		return false;
	found = info.name && !strcmp(info.name, DELAY_SCHEDULER);
	(*jvmti)->Deallocate(jvmti, (unsigned char *)info.name);
	return found;
}

/* Returns worker.getPool() == ForkJoinPool.commonPool(). A worker exists, so this initializes nothing. */
static bool is_of_common_pool(JNIEnv *env, jclass workers, jthread worker)
{
	jmethodID get_pool = (*env)->GetMethodID(env, workers, "getPool", "()L" FORK_JOIN ";");
	jclass pools = get_pool ? (*env)->FindClass(env, FORK_JOIN) : NULL;
	jmethodID get_common = pools ? (*env)->GetStaticMethodID(env, pools, "commonPool", "()L" FORK_JOIN ";") : NULL;
	jobject own, common;

	if (!get_common)
		return false;
	own = (*env)->CallObjectMethod(env, worker, get_pool);
	if ((*env)->ExceptionCheck(env))
		return false;
	common = (*env)->CallStaticObjectMethod(env, pools, get_common);
	return !(*env)->ExceptionCheck(env) && (*env)->IsSameObject(env, own, common);
}

static bool is_shared(jvmtiEnv *jvmti, JNIEnv *env, jthread thread)
{
	jclass workers;

	if (has_shared_class(jvmti, (*env)->GetObjectClass(env, thread)) || has_shared_name(jvmti, thread))
		return true;
	workers = (*env)->FindClass(env, FORK_JOIN_WORKER);
	return workers && (*env)->IsInstanceOf(env, thread, workers) && is_of_common_pool(env, workers, thread);
}

/* Runs on the new thread, before any code of its own. */
static void JNICALL thread_started(jvmtiEnv *jvmti, JNIEnv *env, jthread thread)
{
	struct st_tag_args args = { .kind = ST_TAG_NONE };
	bool shared = is_shared(jvmti, env, thread);

	if ((*env)->ExceptionCheck(env))
		(*env)->ExceptionClear(env);
	if (!shared)
		return;
	pthread_mutex_lock(&lock);
	if (watched)
		tag_calling_thread(watched, &args);
	pthread_mutex_unlock(&lock);
}

static jvmtiEnv *open_tools(JNIEnv *env)
{
	jvmtiEventCallbacks callbacks = { .ThreadStart = thread_started };
	jvmtiEnv *jvmti;
	JavaVM *vm;

	if ((*env)->GetJavaVM(env, &vm) || (*vm)->GetEnv(vm, (void **)&jvmti, JVMTI_VERSION_11))
		return NULL;
	if ((*jvmti)->SetEventCallbacks(jvmti, &callbacks, sizeof(callbacks))) {
		(*jvmti)->DisposeEnvironment(jvmti);
		return NULL;
	}
	return jvmti;
}

static void set_event(jvmtiEventMode mode)
{
	(*tools)->SetEventNotificationMode(tools, mode, JVMTI_EVENT_THREAD_START, NULL);
}

void watch_shared_threads(JNIEnv *env, struct probe *probe)
{
	bool begins;

	pthread_mutex_lock(&lock);
	if (!tools)
		tools = open_tools(env);
	begins = tools && !watched;
	if (tools)
		watched = probe;
	pthread_mutex_unlock(&lock);
	/* Without the lock: a thread that starts may wait for it while JVMTI waits for that thread. */
	if (begins)
		set_event(JVMTI_ENABLE);
}

void unwatch_shared_threads(struct probe *probe)
{
	bool ends;

	pthread_mutex_lock(&lock);
	ends = watched && watched == probe;
	if (ends)
		watched = NULL;
	pthread_mutex_unlock(&lock);
	if (ends)
		set_event(JVMTI_DISABLE);
}
