/* SPDX-License-Identifier: Apache-2.0 */
/* Connects to the daemon, or becomes it. */
#include "daemon_jni.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
#include "helper_client.h"
#include "helper_jni.h"
#include "probe.h"
#include "start_program.h"

#define DAEMON "io/schedtrace/bpf/Daemon"
#define BACKLOG 128

/* Makes a probe of what the daemon loads. Returns null on failure, with the reason in failure. */
static struct probe *open_by_daemon(const char *path, size_t ring_bytes, int timeout_millis,
				    struct helper_failure *failure)
{
	struct st_tag_args untag = { .kind = ST_TAG_NONE };
	struct programs programs;
	const char *failed;
	int socket = load_programs_by_daemon(path, ring_bytes, timeout_millis, &programs, failure);
	struct probe *probe = socket < 0 ? NULL : open_probe(&programs, ring_bytes, &failed);

	if (!probe) {
		if (socket >= 0) {
			*failure = (struct helper_failure){ .status = HELPER_GARBAGE, .error = errno };
			close(socket);
		}
		return NULL;
	}
	failure->status = HELPER_NOT_FOR_US;
	failure->error = -use_daemon(probe, socket);
	if (!failure->error)
		failure->error = -tag_calling_thread(probe, &untag);
	if (!failure->error)
		return probe;
	if (probe->lost)
		failure->status = HELPER_DIED;
	close_probe(probe);
	return NULL;
}

static jlong daemon_open(JNIEnv *env, jclass class, jstring path, jint ring_bytes, jint timeout_millis)
{
	(void)class;
	return open_or_throw(env, open_by_daemon, path, ring_bytes, timeout_millis);
}

/* Returns a listening socket at that path, to which every user may connect, or -errno. */
static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, error = 0;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		error = EADDRINUSE;			/* there is a daemon */
	else if (errno == ECONNREFUSED && unlink(path))	/* there was one */
		error = errno;
	else if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || chmod(path, 0666) || listen(fd, BACKLOG))
		error = errno;
	if (!error)
		return fd;
	close(fd);
	return -error;
}

/* Executes a program that is no file. Returns -errno. */
static int execute(const jbyte *program, size_t length)
{
	char *arguments[] = { "sched-trace-daemon", NULL };
	char *environment[] = { NULL };
	int fd = put_in_memory(arguments[0], program, length);

	if (fd < 0)
		return fd;
	syscall(SYS_execveat, fd, "", arguments, environment, AT_EMPTY_PATH);
	return -errno;
}

/* Replaces this process by the program, with a listening socket as its descriptor 0. Returns -errno if that fails. */
static jint daemon_become(JNIEnv *env, jclass class, jstring path, jbyteArray program)
{
	const char *file = (*env)->GetStringUTFChars(env, path, NULL);
	jbyte *bytes = file ? (*env)->GetByteArrayElements(env, program, NULL) : NULL;
	jint result = -ENOMEM;

	(void)class;
	if (bytes) {
		result = listen_at(file);
		if (result >= 0)
			result = dup2(result, STDIN_FILENO) < 0 ? -errno :
				 execute(bytes, (size_t)(*env)->GetArrayLength(env, program));
		(*env)->ReleaseByteArrayElements(env, program, bytes, JNI_ABORT);
	}
	if (file)
		(*env)->ReleaseStringUTFChars(env, path, file);
	return result;
}

static const JNINativeMethod natives[] = {
	{ "open", "(Ljava/lang/String;II)J", daemon_open },
	{ "become", "(Ljava/lang/String;[B)I", daemon_become },
};

jint register_daemon(JNIEnv *env)
{
	jclass class = (*env)->FindClass(env, DAEMON);

	return class ? (*env)->RegisterNatives(env, class, natives, sizeof(natives) / sizeof(natives[0])) : JNI_ERR;
}
