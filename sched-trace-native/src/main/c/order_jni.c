/* SPDX-License-Identifier: Apache-2.0 */
/* The JVM's side of launch.h. */
#include "order_jni.h"
#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include "descriptors.h"
#include "launch.h"
#include "probe.h"

#define LAUNCHER "io/schedtrace/bpf/Launcher"

/*
 * Waits for the hello. Returns the handle of the probe that the launcher has loaded, or 0. facts gets the pid of the
 * command, whether the helper has loaded the probe, and errno; trace_id the digits.
 */
static jlong launcher_hello(JNIEnv *env, jclass class, jintArray facts, jbyteArray trace_id)
{
	struct launch_hello hello = { .pid = 0 };
	struct probe *probe = NULL;
	struct programs programs;
	const char *failed;
	jint values[3] = { 0 };

	(void)class;
	if (receive_programs(LAUNCH_SOCKET, &programs, &hello.programs, sizeof(hello)))
		values[2] = errno;
	else if (hello.pid && !(probe = open_probe(&programs, LAUNCH_RING_BYTES, &failed)))
		values[2] = errno;
	values[0] = hello.pid;
	values[1] = (jint)hello.by_helper;
	(*env)->SetIntArrayRegion(env, facts, 0, 3, values);
	(*env)->SetByteArrayRegion(env, trace_id, 0, LAUNCH_TRACE_ID_LEN - 1, (const jbyte *)hello.trace_id);
	return (jlong)(intptr_t)probe;
}

/* Orders the launcher to start the command. Returns 0 or -errno. */
static jint launcher_order(JNIEnv *env, jclass class, jlong handle, jlong session, jlong span, jbyteArray traceparent)
{
	const struct probe *probe = (struct probe *)(intptr_t)handle;
	struct launch_order order = { .session = (__u64)session, .span = (__u64)span };
	jsize length = (*env)->GetArrayLength(env, traceparent);

	(void)class;
	if (length >= LAUNCH_TRACEPARENT_LEN)
		return -E2BIG;
	(*env)->GetByteArrayRegion(env, traceparent, 0, length, (jbyte *)order.traceparent);
	return send_descriptors(LAUNCH_SOCKET, &order, sizeof(order), &probe->programs.tag_thread, 1, 0) == sizeof(order) ?
		       0 :
		       -errno;
}

/* Waits for an event. Returns its value; -1 if the launcher has gone. */
static jint launcher_event(JNIEnv *env, jclass class)
{
	struct launch_event event;
	ssize_t length;

	(void)env;
	(void)class;
	do
		length = recv(LAUNCH_SOCKET, &event, sizeof(event), 0);
	while (length < 0 && errno == EINTR);
	return length == sizeof(event) ? event.value : -1;
}

static const JNINativeMethod natives[] = {
	{ "hello", "([I[B)J", launcher_hello },
	{ "order", "(JJJ[B)I", launcher_order },
	{ "event", "()I", launcher_event },
};

jint register_launcher(JNIEnv *env)
{
	jclass class = (*env)->FindClass(env, LAUNCHER);

	return class ? (*env)->RegisterNatives(env, class, natives, sizeof(natives) / sizeof(natives[0])) : JNI_ERR;
}
