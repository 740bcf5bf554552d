/* SPDX-License-Identifier: Apache-2.0 */
/* Binds the native methods of io.schedtrace.bpf.Helper. */
#ifndef SCHEDTRACE_HELPER_JNI_H
#define SCHEDTRACE_HELPER_JNI_H

#include <jni.h>
#include "helper_client.h"

/* Throws io.schedtrace.bpf.HelperException. */
void throw_failure(JNIEnv *env, const struct helper_failure *failure);

/* Returns 0, or a negative number with a Java exception pending. */
jint register_helper(JNIEnv *env);

#endif
