// SPDX-License-Identifier: EPL-2.0
/*
 * Files that a user names are opened once, without following any link on the way, and judged and
 * used by that descriptor alone: what is looked at is what is loaded.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "helper.h"

#define MODULE_SIZE_MAX	(64L << 20)
#define RECORD_FORMAT	1

static int open_plain(int directory, const char *path, int flags, uint64_t resolve)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC | O_NOFOLLOW,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | resolve,
	};

	return syscall(SYS_openat2, directory, path, &how, sizeof(how));
}

/* Root may load what it likes: it needs no helper for that. */
static bool belongs(const struct stat *status, uid_t caller)
{
	return (!caller || status->st_uid == caller) && !(status->st_mode & 0002);
}

int module_open(const char *path, uid_t caller)
{
	const char *file = strrchr(path, '/') + 1;
	char parent[PATH_MAX];
	struct stat status;
	int directory;
	int module;

	snprintf(parent, sizeof(parent), "%.*s", (int)(file - path), path);
	directory = open_plain(AT_FDCWD, parent, O_PATH | O_DIRECTORY, 0);
	if (directory < 0 || fstat(directory, &status))
		stop(EXIT_RULES, "%s: %s", parent,
		     errno == ELOOP ? "there is a link on the way" : strerror(errno));
	if (!belongs(&status, caller))
		stop(EXIT_RULES, "%s is not a directory of the calling user's alone", parent);
	/* O_NONBLOCK: a FIFO or a device must not hold it up before it is seen to be one. */
	module = open_plain(directory, file, O_RDONLY | O_NONBLOCK | O_NOCTTY, RESOLVE_BENEATH);
	if (module < 0 || fstat(module, &status))
		stop(EXIT_RULES, "%s: %s", path,
		     errno == ELOOP ? "it is a link" : strerror(errno));
	if (!S_ISREG(status.st_mode))
		stop(EXIT_RULES, "%s is no regular file", path);
	if (!belongs(&status, caller))
		stop(EXIT_RULES, "%s is not a file of the calling user's alone", path);
	if (!status.st_size || status.st_size > MODULE_SIZE_MAX)
		stop(EXIT_RULES, "%s is empty, or too big to be a driver", path);
	close(directory);
	return module;
}

int state_open(const char *directory)
{
	struct stat status;
	int state;

	if (mkdir(directory, 0755) && errno != EEXIST)
		stop(EXIT_MACHINE, "%s: %s", directory, strerror(errno));
	state = open_plain(AT_FDCWD, directory, O_RDONLY | O_DIRECTORY, 0);
	if (state < 0 || fstat(state, &status))
		stop(EXIT_MACHINE, "%s: %s", directory, strerror(errno));
	if (status.st_uid != geteuid() || status.st_mode & 0022)
		stop(EXIT_MACHINE, "%s belongs to somebody else", directory);
	return state;
}

bool record_read(int state, const char *name, struct record *record)
{
	int file = open_plain(state, name, O_RDONLY, RESOLVE_BENEATH);
	bool whole;

	if (file < 0)
		return false;
	whole = read(file, record, sizeof(*record)) == sizeof(*record) &&
		record->format == RECORD_FORMAT && record->count <= DEVICES_MAX;
	close(file);
	return whole;
}

void record_write(int state, const char *name, const struct record *record)
{
	struct record written = *record;
	int file = openat(state, name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	/* Over what is there, never truncated: on a full disk the older record has to stay. */
	written.format = RECORD_FORMAT;
	if (file < 0 || write(file, &written, sizeof(written)) != sizeof(written))
		stop(EXIT_MACHINE, "%s/%s: %s", helper_state, name, strerror(errno));
	close(file);
}

static int by_number(const void *one, const void *other)
{
	dev_t a = *(const dev_t *)one;
	dev_t b = *(const dev_t *)other;

	return a < b ? -1 : a > b;
}

void devices_now(struct devices *devices)
{
	DIR *directory = opendir("/sys/dev/char");
	struct dirent *entry;

	if (!directory)
		stop(EXIT_MACHINE, "/sys/dev/char: %s", strerror(errno));
	devices->count = 0;
	while ((entry = readdir(directory))) {
		unsigned int high;
		unsigned int low;

		if (sscanf(entry->d_name, "%u:%u", &high, &low) != 2)
			continue;
		if (devices->count == sizeof(devices->numbers) / sizeof(*devices->numbers))
			stop(EXIT_MACHINE, "this machine has too many devices to tell new ones");
		devices->numbers[devices->count++] = makedev(high, low);
	}
	closedir(directory);
	qsort(devices->numbers, devices->count, sizeof(*devices->numbers), by_number);
}

void devices_since(const struct devices *before, struct record *record)
{
	static struct devices now;

	devices_now(&now);
	record->count = 0;
	for (size_t i = 0; i < now.count && record->count < DEVICES_MAX; i++)
		if (!bsearch(&now.numbers[i], before->numbers, before->count,
			     sizeof(*before->numbers), by_number))
			record->devices[record->count++] = now.numbers[i];
}

/* The node that the driver asked for, below /dev (Documentation/ABI/stable/sysfs-devices). */
static bool node_name(dev_t number, char *name, size_t room)
{
	static const char key[] = "DEVNAME=";
	char path[64];
	char line[PATH_MAX];
	FILE *file;
	bool found = false;

	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/uevent", major(number), minor(number));
	file = fopen(path, "re");
	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, sizeof(key) - 1))
			continue;
		line[strcspn(line, "\n")] = 0;
		found = snprintf(name, room, "%s", line + sizeof(key) - 1) < (int)room;
	}
	fclose(file);
	return found;
}

void device_permit(dev_t number, uid_t caller)
{
	char name[NAME_MAX];
	struct stat status;
	int directory;
	int node;

	/* One that is gone, or never had a node, is nobody's to use. */
	if (!node_name(number, name, sizeof(name)))
		return;
	directory = open_plain(AT_FDCWD, "/dev", O_PATH | O_DIRECTORY, 0);
	node = directory < 0 ? -1 : open_plain(directory, name, O_PATH, RESOLVE_BENEATH);
	if (node < 0 || fstat(node, &status))
		stop(EXIT_MACHINE, "/dev/%s: %s", name, strerror(errno));
	if (!S_ISCHR(status.st_mode) || status.st_rdev != number)
		stop(EXIT_MACHINE, "/dev/%s is not the driver's device", name);
	if (status.st_uid && status.st_uid != caller)
		stop(EXIT_RULES, "/dev/%s belongs to another user", name);
	if (fchownat(node, "", caller, -1, AT_EMPTY_PATH))
		stop(EXIT_MACHINE, "/dev/%s: %s", name, strerror(errno));
	printf("device /dev/%s\n", name);
	close(node);
	close(directory);
}
