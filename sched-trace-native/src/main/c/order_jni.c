/* SPDX-License-Identifier: Apache-2.0 */
/* The JVM's side of launch.h. */
#include "order_jni.h"
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include "launch.h"
#include "probe.h"

#define LAUNCHER "io/schedtrace/bpf/Launcher"

/* Orders the launcher to start the command. Returns 0 or -errno. */
static jint launcher_order(JNIEnv *env, jclass class, jlong handle, jlong session, jlong span, jbyteArray traceparent)
{
	const struct probe *probe = (struct probe *)(intptr_t)handle;
	struct launch_order order = { .session = (__u64)session, .span = (__u64)span };
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec bytes = { &order, sizeof(order) };
	struct msghdr message = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	jsize length = (*env)->GetArrayLength(env, traceparent);

	(void)class;
	if (length >= LAUNCH_TRACEPARENT_LEN)
		return -E2BIG;
	(*env)->GetByteArrayRegion(env, traceparent, 0, length, (jbyte *)order.traceparent);
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &probe->programs.tag_thread, sizeof(int));
	return sendmsg(LAUNCH_SOCKET, &message, MSG_NOSIGNAL) == sizeof(order) ? 0 : -errno;
}

/* Waits for an event. Returns its kind in the upper half and its value in the lower one; 0 if the launcher has gone. */
static jlong launcher_event(JNIEnv *env, jclass class)
{
	struct launch_event event;
	ssize_t length;

	(void)env;
	(void)class;
	do
		length = recv(LAUNCH_SOCKET, &event, sizeof(event), 0);
	while (length < 0 && errno == EINTR);
	return length == sizeof(event) ? (jlong)((__u64)event.kind << 32 | (__u32)event.value) : 0;
}

static const JNINativeMethod natives[] = {
	{ "order", "(JJJ[B)I", launcher_order },
	{ "event", "()J", launcher_event },
};

jint register_launcher(JNIEnv *env)
{
	jclass class = (*env)->FindClass(env, LAUNCHER);

	return class ? (*env)->RegisterNatives(env, class, natives, sizeof(natives) / sizeof(natives[0])) : JNI_ERR;
}
