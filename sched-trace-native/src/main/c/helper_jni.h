/* SPDX-License-Identifier: Apache-2.0 */
/* Binds the native methods of io.schedtrace.bpf.Helper. */
#ifndef SCHEDTRACE_HELPER_JNI_H
#define SCHEDTRACE_HELPER_JNI_H

#include <jni.h>
#include "helper_client.h"

/* Makes a probe through what is at that path. Returns null on failure, with the reason in failure. */
typedef struct probe *open_probe_at(const char *path, size_t ring_bytes, int timeout_millis, struct helper_failure *failure);

/* Returns the handle of the probe that open makes, or throws an io.schedtrace.bpf.HelperException. */
jlong open_or_throw(JNIEnv *env, open_probe_at *open, jstring path, jint ring_bytes, jint timeout_millis);

/* Returns 0, or a negative number with a Java exception pending. */
jint register_helper(JNIEnv *env);

#endif
