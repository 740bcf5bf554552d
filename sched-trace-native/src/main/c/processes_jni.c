/* SPDX-License-Identifier: Apache-2.0 */
/* Signals to other processes, by descriptor or by number. Each method returns -errno on failure. */
#include "processes_jni.h"
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PROCESSES "io/schedtrace/bpf/Processes"

static jint result(long returned)
{
	return returned < 0 ? -errno : (jint)returned;
}

static jint process_open(JNIEnv *env, jclass class, jlong pid)
{
	(void)env;
	(void)class;
	return result(syscall(SYS_pidfd_open, (pid_t)pid, 0));
}

static jint process_send(JNIEnv *env, jclass class, jint pidfd, jint signal)
{
	(void)env;
	(void)class;
	return result(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

static jint process_kill(JNIEnv *env, jclass class, jlong pid, jint signal)
{
	(void)env;
	(void)class;
	return result(kill((pid_t)pid, signal));
}

static jint process_close(JNIEnv *env, jclass class, jint pidfd)
{
	(void)env;
	(void)class;
	return result(close(pidfd));
}

static const JNINativeMethod natives[] = {
	{ "openPidfd", "(J)I", process_open },
	{ "sendToPidfd", "(II)I", process_send },
	{ "kill", "(JI)I", process_kill },
	{ "closePidfd", "(I)I", process_close },
};

jint register_processes(JNIEnv *env)
{
	jclass class = (*env)->FindClass(env, PROCESSES);

	return class ? (*env)->RegisterNatives(env, class, natives, sizeof(natives) / sizeof(natives[0])) : JNI_ERR;
}
