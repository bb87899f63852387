// SPDX-License-Identifier: EPL-2.0
/*
 * Finds virtio-serial ports by the name that the host gave them. There is no udev in a lab: the
 * name is in sysfs, it comes some time after the driver was loaded, and the kernel tells of it by a
 * uevent.
 *
 * Other ports are paths. A serial line is made to carry bytes as they are.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "agent.h"

#define PREFIX		"virtio:"
#define CLASS		"/sys/class/virtio-ports"
#define LINKS		"/dev/virtio-ports"
#define WAIT_NS		(30 * 1000000000ULL)

static bool port_is(const char *node, const char *name)
{
	char path[512];
	char found[128];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), CLASS "/%s/name", node);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, found, sizeof(found) - 1);
	close(fd);
	if (n <= 0)
		return false;
	found[n] = 0;
	found[strcspn(found, "\n")] = 0;
	return !strcmp(found, name);
}

static bool port_find(const char *name, char *path, size_t size)
{
	DIR *directory = opendir(CLASS);
	struct dirent *entry;
	bool found = false;

	if (!directory)
		return false;
	while (!found && (entry = readdir(directory))) {
		found = entry->d_name[0] != '.' && port_is(entry->d_name, name);
		if (found)
			snprintf(path, size, "/dev/%s", entry->d_name);
	}
	closedir(directory);
	return found;
}

static int port_link(const char *name, const char *path)
{
	char link[256];

	mkdir(LINKS, 0755);
	snprintf(link, sizeof(link), LINKS "/%s", name);
	if (symlink(path, link) && errno != EEXIST)
		return -1;
	return 0;
}

static int port_wait(const char *name, char *path, size_t size)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	struct pollfd uevents = { .events = POLLIN };
	uint64_t deadline = now() + WAIT_NS;
	char ignored[4096];
	int error = 0;

	uevents.fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	if (uevents.fd < 0)
		return -1;
	if (bind(uevents.fd, (struct sockaddr *)&address, sizeof(address)))
		error = errno;
	/* Looked for only after the socket listens: a port that comes between is not missed. */
	while (!error && !port_find(name, path, size)) {
		uint64_t time = now();

		if (time >= deadline)
			error = ENODEV;
		else if (poll(&uevents, 1, (deadline - time) / 1000000 + 1) > 0)
			(void)!read(uevents.fd, ignored, sizeof(ignored));
	}
	close(uevents.fd);
	errno = error;
	return error ? -1 : 0;
}

/* No echo, no signals, no flow control by characters, no translation of line ends. */
static int line_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NOCTTY);
	struct termios line;

	if (fd < 0 || !isatty(fd))
		return fd;
	if (tcgetattr(fd, &line))
		goto fail;
	cfmakeraw(&line);
	line.c_cflag |= CLOCAL;
	if (tcsetattr(fd, TCSANOW, &line))
		goto fail;
	return fd;
fail:
	close(fd);
	return -1;
}

int port_open(const char *where, int flags)
{
	char path[300];

	if (strncmp(where, PREFIX, strlen(PREFIX)))
		return line_open(where, flags);
	where += strlen(PREFIX);
	if (port_wait(where, path, sizeof(path)) || port_link(where, path))
		return -1;
	return open(path, flags | O_CLOEXEC | O_NOCTTY);
}
