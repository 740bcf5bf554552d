/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCHEDTRACE_ORDER_JNI_H
#define SCHEDTRACE_ORDER_JNI_H

#include <jni.h>

/* Binds the methods of io.schedtrace.bpf.Launcher. Returns 0 on success. */
jint register_launcher(JNIEnv *env);

#endif
