// SPDX-License-Identifier: EPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent.h"
#include "meaning.h"

#define KERNEL_WORDS_MAX 6144

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
		trace_modules();
		reply_ok(request->id, NULL, 0);
		return;
	}
	reply_error(request->id, errno, "%s", unload_meaning(errno));
}
