// SPDX-License-Identifier: EPL-2.0
/*
 * Modules of the host's. What is loaded here and not unloaded goes with the agent, unless the whole
 * machine does: who has lost the connection could not load it again otherwise.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"
#include "meaning.h"

#define KERNEL_WORDS_MAX	6144
#define LOADED_MAX		16
/* The kernel's MODULE_NAME_LEN. */
#define NAME_BYTES		56
/* How long devices may take to be closed, once the agent has ended. */
#define UNLOAD_TRIES		100
#define UNLOAD_PAUSE_NANOS	50000000
#define FILES_MAX		1024

#ifndef SYS_close_range
#define SYS_close_range		436
#endif

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char loaded[LOADED_MAX][NAME_BYTES];
static size_t count;

static void remember(const char *path)
{
	const char *file = strrchr(path, '/');
	char *name;

	pthread_mutex_lock(&lock);
	if (count < LOADED_MAX) {
		name = loaded[count++];
		snprintf(name, NAME_BYTES, "%s", file ? file + 1 : path);
		name[strcspn(name, ".")] = '\0';
		/* As kbuild names what is in a file. */
		for (char *at = name; *at; at++)
			if (*at == '-')
				*at = '_';
	}
	pthread_mutex_unlock(&lock);
}

static void forget(const char *name)
{
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(loaded[i], name)) {
			count--;
			memmove(loaded[i], loaded[i + 1], (count - i) * NAME_BYTES);
			break;
		}
	}
	pthread_mutex_unlock(&lock);
}

/* The last one first. Nothing tells when a module's last user is gone, so it is tried again. */
static void unload_all(void)
{
	const struct timespec moment = { .tv_nsec = UNLOAD_PAUSE_NANOS };
	int tries = UNLOAD_TRIES;

	while (count && tries--) {
		if (syscall(SYS_delete_module, loaded[count - 1], O_NONBLOCK) && errno != ENOENT)
			nanosleep(&moment, NULL);
		else
			count--;
	}
}

void module_leave(void)
{
	if (getpid() == 1)
		return;
	pthread_mutex_lock(&lock);
	/* A child, since what the agent has open is in use until the agent is gone. */
	if (count && !fork()) {
		setsid();
		if (syscall(SYS_close_range, 0, ~0U, 0))
			for (int fd = 0; fd < FILES_MAX; fd++)
				close(fd);
		unload_all();
		_exit(0);
	}
	pthread_mutex_unlock(&lock);
}

void module_load(const struct request *request)
{
	struct reader reader = reader_of(request);
	const char *path = read_string(&reader);
	const char *parameters = read_string(&reader);
	char words[KERNEL_WORDS_MAX] = "";
	int mark;
	int fd;

	if (reader.bad) {
		reply_error(request->id, EINVAL, "LOAD needs a path and parameters");
		return;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		reply_error(request->id, errno, "cannot open %s: %s", path, strerror(errno));
		return;
	}
	/* The host's copy for this call; what is loaded stays what was opened. */
	unlink(path);
	mark = klog_mark();
	if (syscall(SYS_finit_module, fd, parameters, 0)) {
		int error = errno;

		klog_since(mark, words, sizeof(words));
		reply_error(request->id, error, "%s%s%s", load_meaning(error),
			    words[0] ? "\n" : "; the kernel log may say more", words);
	} else {
		remember(path);
		trace_modules();
		reply_ok(request->id, NULL, 0);
	}
	if (mark >= 0)
		close(mark);
	close(fd);
}

void module_unload(const struct request *request)
{
	struct reader reader = reader_of(request);
	const char *name = read_string(&reader);

	if (reader.bad || !*name) {
		reply_error(request->id, EINVAL, "UNLOAD needs a module's name");
		return;
	}
	if (!syscall(SYS_delete_module, name, O_NONBLOCK)) {
		forget(name);
		trace_modules();
		reply_ok(request->id, NULL, 0);
		return;
	}
	reply_error(request->id, errno, "%s", unload_meaning(errno));
}
