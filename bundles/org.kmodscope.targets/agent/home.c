// SPDX-License-Identifier: EPL-2.0
/*
 * The agent on a machine that goes on without it: a board, or the user's own. There it is a program
 * like others, and has a home: a directory that the host made for it and that only one user may
 * enter.
 *
 *	HOME/kmodscope-agent	where the host put it
 *	HOME/events		a socket; the first who connects gets the events
 *	HOME/...		files of the session
 *
 * The home goes with the agent. Whoever cannot reach a socket, such as an SSH client, has a second
 * run of the program relay it: kmodscope-agent --attach HOME.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent.h"

#define HOME_PREFIX	"kmodscope-"
#define SOCKET_NAME	"events"
#define RELAY_BYTES	(64 * 1024)

static const char *home;
static int directory = -1;

static int events_address(const char *path, struct sockaddr_un *address)
{
	int length;

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	length = snprintf(address->sun_path, sizeof(address->sun_path), "%s/" SOCKET_NAME, path);
	if (length < (int)sizeof(address->sun_path))
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

static int home_enter(const char *path)
{
	const char *name = strrchr(path, '/');
	struct stat status;
	int fd;

	/* It will be removed with all that is in it: so it has to be one that was made for that. */
	if (!name || strncmp(name + 1, HOME_PREFIX, strlen(HOME_PREFIX))) {
		errno = EINVAL;
		return -1;
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	/* And one where nobody else can come in. */
	if (fstat(fd, &status) || status.st_mode & (S_IRWXG | S_IRWXO) ||
	    (geteuid() && status.st_uid != geteuid())) {
		close(fd);
		errno = EPERM;
		return -1;
	}
	directory = fd;
	home = path;
	return 0;
}

int home_open(const char *path)
{
	struct sockaddr_un address;
	mode_t mask;
	int fd;

	if (events_address(path, &address) || home_enter(path))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	/* The agent may be root's, its reader need not: the directory keeps others out. */
	mask = umask(0);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1)) {
		close(fd);
		fd = -1;
	}
	umask(mask);
	return fd;
}

int home_accept(int listening)
{
	int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);

	if (fd >= 0)
		unlinkat(directory, SOCKET_NAME, 0);
	return fd;
}

void home_remove(void)
{
	DIR *entries = directory < 0 ? NULL : fdopendir(directory);
	struct dirent *entry;

	if (!entries)
		return;
	/* There are files only; "." and ".." are refused like other directories. */
	while ((entry = readdir(entries)))
		unlinkat(directory, entry->d_name, 0);
	rmdir(home);
}

static bool write_all(const uint8_t *bytes, size_t length)
{
	while (length) {
		ssize_t n = write(STDOUT_FILENO, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		length -= n;
	}
	return true;
}

int attach_main(const char *path)
{
	static uint8_t buffer[RELAY_BYTES];
	struct sockaddr_un address;
	struct pollfd fds[] = {
		{ .events = POLLIN },
		/* Nothing is asked of it: only that its reader has gone. */
		{ .fd = STDOUT_FILENO },
	};

	fds[0].fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fds[0].fd < 0 || events_address(path, &address) ||
	    connect(fds[0].fd, (struct sockaddr *)&address, sizeof(address))) {
		fprintf(stderr, "kmodscope-agent: no events in %s: %s\n", path, strerror(errno));
		return 1;
	}
	for (;;) {
		ssize_t n;

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return 1;
		if (fds[1].revents)
			return 0;
		if (!fds[0].revents)
			continue;
		n = read(fds[0].fd, buffer, sizeof(buffer));
		if (n <= 0 || !write_all(buffer, n))
			return 0;
	}
}
