/* SPDX-License-Identifier: Apache-2.0 */
/* Binds the native methods of io.schedtrace.bpf.Daemon. */
#ifndef SCHEDTRACE_DAEMON_JNI_H
#define SCHEDTRACE_DAEMON_JNI_H

#include <jni.h>

/* Returns 0, or a negative number with a Java exception pending. */
jint register_daemon(JNIEnv *env);

#endif
