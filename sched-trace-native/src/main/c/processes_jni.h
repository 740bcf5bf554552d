/* SPDX-License-Identifier: Apache-2.0 */
/* Binds the native methods of io.schedtrace.bpf.Processes. */
#ifndef SCHEDTRACE_PROCESSES_JNI_H
#define SCHEDTRACE_PROCESSES_JNI_H

#include <jni.h>

/* Returns 0, or a negative number with a Java exception pending. */
jint register_processes(JNIEnv *env);

#endif
