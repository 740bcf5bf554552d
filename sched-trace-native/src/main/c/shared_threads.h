/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The threads that all code of a JVM shares: workers of the common pool, carriers of virtual threads, workers of
 * JUnit's pool, and the JDK's own threads. Whichever thread needs one first creates it, and it serves others later,
 * so it must not inherit the tag of its creator. A shared thread removes its tag as soon as it starts (JVMTI's
 * ThreadStart event) and then uses the session of its process.
 */
#ifndef SCHEDTRACE_SHARED_THREADS_H
#define SCHEDTRACE_SHARED_THREADS_H

#include <jni.h>
#include "probe.h"

/* Begins to watch for shared threads. In a JVM without JVMTI they keep what they inherit. */
void watch_shared_threads(JNIEnv *env, struct probe *probe);

/* Ends that if the probe is the one that was passed last. The probe may be closed afterwards. */
void unwatch_shared_threads(struct probe *probe);

#endif
