// SPDX-License-Identifier: EPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent.h"

static int write_all(int fd, const uint8_t *bytes, size_t length)
{
	while (length) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes += n;
		length -= n;
	}
	return 0;
}

/*
 * A piece of a file. It grows beside its place and moves there with the last piece, so that nobody
 * ever sees half of it.
 */
void file_put(const struct request *request)
{
	struct reader reader = reader_of(request);
	uint32_t mode = read_u32(&reader);
	uint32_t flags = read_u32(&reader);
	const char *path = read_string(&reader);
	char part[PATH_MAX];
	int error = 0;
	int fd;

	if (reader.bad || path[0] != '/') {
		reply_error(request->id, EINVAL, "a file needs an absolute path");
		return;
	}
	if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part)) {
		reply_error(request->id, ENAMETOOLONG, "the path is too long");
		return;
	}
	/* Nobody else's file, and no link to one: what a broken transfer left goes first. */
	if (flags & PUT_FIRST)
		unlink(part);
	fd = open(part, O_WRONLY | O_NOFOLLOW | O_CLOEXEC |
		  (flags & PUT_FIRST ? O_CREAT | O_EXCL : O_APPEND), 0600);
	if (fd < 0) {
		reply_error(request->id, errno, "cannot write %s: %s", path, strerror(errno));
		return;
	}
	if (write_all(fd, reader.at, reader.end - reader.at))
		error = errno;
	else if ((flags & PUT_LAST) && (fchmod(fd, mode & 07777) || rename(part, path)))
		error = errno;
	close(fd);
	if (error) {
		unlink(part);
		reply_error(request->id, error, "cannot write %s: %s", path, strerror(error));
		return;
	}
	reply_ok(request->id, NULL, 0);
}
