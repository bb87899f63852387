// SPDX-License-Identifier: EPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent.h"

#define KERNEL_WORDS_MAX 6144

static const char *load_meaning(int error)
{
	switch (error) {
	case ENOEXEC:
		return "not a module for this kernel (built for another release, or no module)";
	case ENOENT:
		return "it uses a symbol that this kernel does not have";
	case EEXIST:
		return "a module of this name is loaded already";
	case EINVAL:
		return "the kernel does not accept its parameters or its format";
	case EPERM:
		return "the kernel does not allow modules to be loaded here";
	case EKEYREJECTED:
		return "its signature is not accepted here";
	case EBUSY:
		return "a number or name it asks for is taken";
	case ENODEV:
		return "its init function found no device";
	default:
		return strerror(error);
	}
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
	switch (errno) {
	case EWOULDBLOCK:
		reply_error(request->id, errno,
			    "it is in use: a program has its device open, or another module needs it");
		break;
	case EBUSY:
		reply_error(request->id, errno,
			    "it is in use: it is being loaded or unloaded, or has no exit function");
		break;
	case ENOENT:
		reply_error(request->id, errno, "no module of this name is loaded");
		break;
	default:
		reply_error(request->id, errno, "%s", strerror(errno));
	}
}
