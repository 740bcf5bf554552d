/* SPDX-License-Identifier: Apache-2.0 */
/* Uses sched-trace-helper, and reads and writes what Java cannot of its file. */
#include "helper_jni.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include "helper_client.h"
#include "probe.h"

#define HELPER "io/schedtrace/bpf/Helper"
#define EXCEPTION "io/schedtrace/bpf/HelperException"
#define ATTRIBUTE_MAX 64

static void throw_failure(JNIEnv *env, const struct helper_failure *failure)
{
	jclass class = (*env)->FindClass(env, EXCEPTION);
	jmethodID init = class ? (*env)->GetMethodID(env, class, "<init>", "(IILjava/lang/String;)V") : NULL;
	char what[HELPER_WHAT_LEN];
	jstring text;
	jobject exception;
	int i;

	if (!init)
		return;
	for (i = 0; failure->what[i]; i++)	/* NewStringUTF wants modified UTF-8; ASCII always is */
		what[i] = (unsigned char)failure->what[i] < 0x80 ? failure->what[i] : '?';
	what[i] = 0;
	text = (*env)->NewStringUTF(env, what);
	exception = text ? (*env)->NewObject(env, class, init, (jint)failure->status, (jint)failure->error, text) : NULL;
	if (exception)
		(*env)->Throw(env, exception);
}

/* Makes a probe of the programs that the helper loads. Returns null on failure, with the reason in failure. */
static struct probe *open_through(const char *path, size_t ring_bytes, int timeout_millis, struct helper_failure *failure)
{
	struct st_tag_args untag = { .kind = ST_TAG_NONE };
	struct programs programs;
	struct probe *probe;
	const char *failed;

	if (load_programs_through(path, ring_bytes, timeout_millis, &programs, failure))
		return NULL;
	probe = open_probe(&programs, ring_bytes, &failed);
	failure->error = probe ? -tag_calling_thread(probe, &untag) : errno;
	failure->status = probe ? HELPER_NOT_FOR_US : HELPER_GARBAGE;
	if (probe && failure->error) {
		close_probe(probe);
		probe = NULL;
	}
	return probe;
}

jlong open_or_throw(JNIEnv *env, open_probe_at *open, jstring path, jint ring_bytes, jint timeout_millis)
{
	const char *file = (*env)->GetStringUTFChars(env, path, NULL);
	struct helper_failure failure;
	struct probe *probe;

	if (!file)
		return 0;
	probe = open(file, (size_t)ring_bytes, timeout_millis, &failure);
	(*env)->ReleaseStringUTFChars(env, path, file);
	if (!probe)
		throw_failure(env, &failure);
	return (jlong)(intptr_t)probe;
}

static jlong helper_open(JNIEnv *env, jclass class, jstring path, jint ring_bytes, jint timeout_millis)
{
	(void)class;
	return open_or_throw(env, open_through, path, ring_bytes, timeout_millis);
}

/* Returns the value of an extended attribute; null if there is none, or none so short. */
static jbyteArray helper_attribute(JNIEnv *env, jclass class, jstring path, jstring name)
{
	const char *file = (*env)->GetStringUTFChars(env, path, NULL);
	const char *attribute = file ? (*env)->GetStringUTFChars(env, name, NULL) : NULL;
	jbyteArray value = NULL;
	char bytes[ATTRIBUTE_MAX];
	ssize_t length = -1;

	(void)class;
	if (attribute) {
		length = getxattr(file, attribute, bytes, sizeof(bytes));
		(*env)->ReleaseStringUTFChars(env, name, attribute);
	}
	if (file)
		(*env)->ReleaseStringUTFChars(env, path, file);
	if (length >= 0)
		value = (*env)->NewByteArray(env, (jsize)length);
	if (value)
		(*env)->SetByteArrayRegion(env, value, 0, (jsize)length, (const jbyte *)bytes);
	return value;
}

/* Sets an extended attribute. Returns 0 or -errno. */
static jint helper_set_attribute(JNIEnv *env, jclass class, jstring path, jstring name, jbyteArray value)
{
	const char *file = (*env)->GetStringUTFChars(env, path, NULL);
	const char *attribute = file ? (*env)->GetStringUTFChars(env, name, NULL) : NULL;
	jbyte *bytes = attribute ? (*env)->GetByteArrayElements(env, value, NULL) : NULL;
	jint result = -ENOMEM;

	(void)class;
	if (bytes) {
		result = setxattr(file, attribute, bytes, (size_t)(*env)->GetArrayLength(env, value), 0) ? -errno : 0;
		(*env)->ReleaseByteArrayElements(env, value, bytes, JNI_ABORT);
	}
	if (attribute)
		(*env)->ReleaseStringUTFChars(env, name, attribute);
	if (file)
		(*env)->ReleaseStringUTFChars(env, path, file);
	return result;
}

/* Returns the flags of the mount of a file as statvfs(3) has them, or -errno. */
static jlong helper_mount_flags(JNIEnv *env, jclass class, jstring path)
{
	const char *file = (*env)->GetStringUTFChars(env, path, NULL);
	struct statvfs mount;
	jlong result = -ENOMEM;

	(void)class;
	if (file) {
		result = statvfs(file, &mount) ? -errno : (jlong)mount.f_flag;
		(*env)->ReleaseStringUTFChars(env, path, file);
	}
	return result;
}

static const JNINativeMethod natives[] = {
	{ "open", "(Ljava/lang/String;II)J", helper_open },
	{ "attribute", "(Ljava/lang/String;Ljava/lang/String;)[B", helper_attribute },
	{ "setAttribute", "(Ljava/lang/String;Ljava/lang/String;[B)I", helper_set_attribute },
	{ "mountFlags", "(Ljava/lang/String;)J", helper_mount_flags },
};

jint register_helper(JNIEnv *env)
{
	jclass class = (*env)->FindClass(env, HELPER);

	return class ? (*env)->RegisterNatives(env, class, natives, sizeof(natives) / sizeof(natives[0])) : JNI_ERR;
}
