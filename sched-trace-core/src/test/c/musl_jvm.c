/* SPDX-License-Identifier: Apache-2.0 */
/*
 * musl_jvm LIBRARY: what a JVM on musl does with the JNI shim, without a JVM. Loads the library, binds its methods,
 * opens the probe, traces a run of /bin/true, and prints a line for each record: its type, and the name of the process.
 */
#include <dlfcn.h>
#include <jni.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "record.h"

#define RING_BYTES (1 << 20)
#define SESSION 1
#define SPAN 0x1234

static JNIEnv env;
static JavaVM vm;
static JNINativeMethod bound[128];
static int bound_count;

static void fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(1);
}

static jclass JNICALL find_class(JNIEnv *self, const char *name)
{
	(void)self;
	return (jclass)name;
}

static jint JNICALL register_natives(JNIEnv *self, jclass class, const JNINativeMethod *methods, jint count)
{
	(void)self;
	/* Other classes have methods of the same names. */
	if (strcmp((const char *)class, "io/schedtrace/bpf/KernelProbe"))
		return JNI_OK;
	memcpy(bound, methods, sizeof(*methods) * (size_t)count);
	bound_count = count;
	return JNI_OK;
}

static jmethodID JNICALL get_method(JNIEnv *self, jclass class, const char *name, const char *signature)
{
	(void)self;
	(void)class;
	(void)name;
	return (jmethodID)signature;
}

static jstring JNICALL new_string(JNIEnv *self, const char *text)
{
	(void)self;
	fail(text);	/* only exceptions have strings */
	return NULL;
}

static jobject JNICALL new_buffer(JNIEnv *self, void *address, jlong capacity)
{
	(void)self;
	(void)capacity;
	return address;
}

static jint JNICALL get_vm(JNIEnv *self, JavaVM **result)
{
	(void)self;
	*result = &vm;
	return JNI_OK;
}

static jint JNICALL get_env(JavaVM *self, void **result, jint version)
{
	(void)self;
	if (version != JNI_VERSION_1_8)
		return JNI_EVERSION;	/* no JVMTI */
	*result = &env;
	return JNI_OK;
}

static void *method(const char *name)
{
	for (int i = 0; i < bound_count; i++)
		if (!strcmp(bound[i].name, name))
			return bound[i].fnPtr;
	fail(name);
	return NULL;
}

static void print(const struct st_header *record)
{
	switch (record->type) {
	case ST_PROCESS_START:
		printf("start %s span=%llx\n", ((const struct st_process_start *)record)->comm,
		       (unsigned long long)((const struct st_process_start *)record)->span);
		break;
	case ST_PROCESS_EXEC:
		printf("exec %s %s\n", ((const struct st_process_exec *)record)->comm, ((const struct st_process_exec *)record)->data);
		break;
	case ST_PROCESS_END:
		printf("end %s status=%u\n", ((const struct st_process_end *)record)->comm,
		       ((const struct st_process_end *)record)->status);
		break;
	default:
		printf("type %u\n", record->type);
	}
}

int main(int argc, char **argv)
{
	static const struct JNINativeInterface_ functions = {
		.FindClass = find_class, .RegisterNatives = register_natives, .GetMethodID = get_method,
		.NewStringUTF = new_string, .NewDirectByteBuffer = new_buffer, .GetJavaVM = get_vm,
	};
	static const struct JNIInvokeInterface_ invocations = { .GetEnv = get_env };
	void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
	jint JNICALL (*load)(JavaVM *, void *);
	struct st_session *session;
	uint64_t *consumer, *producer;
	char *data;
	jlong probe;
	int status;
	pid_t pid;

	if (!library)
		fail(dlerror());
	env = &functions;
	vm = &invocations;
	load = (jint JNICALL(*)(JavaVM *, void *))dlsym(library, "JNI_OnLoad");
	if (!load || load(&vm, NULL) != JNI_VERSION_1_8)
		fail("JNI_OnLoad");
	probe = ((jlong(*)(JNIEnv *, jclass, jint))method("open"))(&env, NULL, RING_BYTES);
	session = (struct st_session *)((jobject(*)(JNIEnv *, jclass, jlong))method("sessions"))(&env, NULL, probe) + SESSION;
	__atomic_store_n(&session->id, SESSION, __ATOMIC_RELEASE);

	((jint(*)(JNIEnv *, jclass, jlong, jlong, jlong))method("tagLaunch"))(&env, NULL, probe, SESSION, SPAN);
	pid = fork();
	if (!pid) {
		execl("/bin/true", "true", "argument", NULL);
		_exit(127);
	}
	((jint(*)(JNIEnv *, jclass, jlong))method("untag"))(&env, NULL, probe);
	waitpid(pid, &status, 0);
	while (__atomic_load_n(&session->processes, __ATOMIC_ACQUIRE))
		usleep(1000);

	if (((jint(*)(JNIEnv *, jclass, jlong, jint))method("await"))(&env, NULL, probe, 1000) < 0)
		fail("await");
	consumer = (uint64_t *)((jobject(*)(JNIEnv *, jclass, jlong))method("consumer"))(&env, NULL, probe);
	producer = (uint64_t *)((jobject(*)(JNIEnv *, jclass, jlong))method("producer"))(&env, NULL, probe);
	data = (char *)producer + sysconf(_SC_PAGESIZE);
	while (*consumer < __atomic_load_n(producer, __ATOMIC_ACQUIRE)) {
		char *record = data + (*consumer & (RING_BYTES - 1));

		print((const struct st_header *)(record + 8));
		*consumer += (8 + *(uint32_t *)record + 7) & ~7ull;
	}
	((void (*)(JNIEnv *, jclass, jlong))method("close"))(&env, NULL, probe);
	return 0;
}
