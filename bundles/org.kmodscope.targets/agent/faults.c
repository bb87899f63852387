// SPDX-License-Identifier: EPL-2.0
/*
 * Walks through everything that can fail in a driver in one call into it.
 *
 *	kmodscope-faults insmod FILE | open|read|write DEVICE | ioctl DEVICE NUMBER
 *
 * The kernel makes the nth thing that can fail in a thread fail (Documentation/fault-injection,
 * fail-nth). Counted is only what a module asked for, itself or through what it called: a module's
 * code must be on the stack. All else moves from call to call with what caches happen to hold, and
 * n would be now this allocation and now that. Each kind of thing is counted by itself for the same
 * reason: "slab" is memory of a slab cache, "pages" is whole pages, "copy" is a copy from or to
 * user space. The call is repeated with n = 1, 2, ... until there is no nth, and down again.
 * "read" and "write" are submitted by io_submit(2), which waits for a driver that queues nothing;
 * such a device is opened with O_NONBLOCK. One line on standard output for each n:
 *
 *	fault CALL KIND N ok		it succeeded nevertheless
 *	fault CALL KIND N errno E	it failed with this error
 *	fault CALL KIND N hang		it did not return in time
 *	fault CALL KIND N killed S	the thread was ended by a signal, as by an oops
 *	fault CALL KIND N left E	afterwards the module did not load without a fault, error E
 *	end CALL KIND N			N faults were made
 *
 * A line "kmodscope-fault: CALL KIND N" in the kernel log stands before what the kernel says of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent.h"
#include "faults.h"

#define FAULTS_MAX	5000
#define CALL_LIMIT_MS	10000
/* So many numbers in a row without a fault are the end. */
#define MISSES_MAX	3

struct outcome {
	int injected;
	int error;
};

enum step {
	MADE,	/* the fault was made */
	NONE,	/* the call did not come to it */
	WAITS,	/* the call waits for something else, and has not come to it */
	STOP,	/* the call, or what it left, is in the way of the next one */
};

struct call {
	const char *name;
	const char *path;
	unsigned long number;
	int flags;	/* for open(2), beside the usual ones */
	/* Does the call with its nth allocation failing, and takes back what it did. */
	struct outcome (*make)(const struct call *call, int nth);
};

/* The file is opened before, so that opening it is not what fails. */
static int arm(int nth)
{
	char text[16];
	int fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -1;
	snprintf(text, sizeof(text), "%d", nth);
	if (write(fd, text, strlen(text)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Reading gives 0 once the fault was made; writing 0 takes back one that was not. */
static int disarm(int fd)
{
	char text[16] = "";
	int injected = 0;

	if (pread(fd, text, sizeof(text) - 1, 0) > 0)
		injected = atoi(text) == 0;
	(void)!pwrite(fd, "0", 1, 0);
	close(fd);
	return injected;
}

/* Whether a child came to its fault: what is left to count is 0 then. */
static bool came_to_it(pid_t child)
{
	char path[40], text[16] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/fail-nth", (int)child);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return true;
	(void)!read(fd, text, sizeof(text) - 1);
	close(fd);
	return atoi(text) == 0;
}

/* Whether a child that was killed has ended within the time for a call. */
static bool killed(pid_t child)
{
	struct pollfd end = { .events = POLLIN };
	bool ended;

	kill(child, SIGKILL);
	end.fd = syscall(SYS_pidfd_open, child, 0);
	if (end.fd < 0)
		return false;
	ended = poll(&end, 1, CALL_LIMIT_MS) == 1 && waitpid(child, NULL, 0) == child;
	close(end.fd);
	return ended;
}

static void name_of(const char *file, char *name, size_t size)
{
	const char *base = strrchr(file, '/');

	snprintf(name, size, "%s", base ? base + 1 : file);
	name[strcspn(name, ".")] = 0;
	for (char *at = name; *at; at++)
		if (*at == '-')
			*at = '_';
}

static void module_remove(const char *file)
{
	char name[64];

	name_of(file, name, sizeof(name));
	syscall(SYS_delete_module, name, O_NONBLOCK);
}

static struct outcome call_insmod(const struct call *call, int nth)
{
	struct outcome outcome = { 0 };
	int module = open(call->path, O_RDONLY | O_CLOEXEC);
	int fault = nth ? arm(nth) : -1;

	if (syscall(SYS_finit_module, module, "", 0))
		outcome.error = errno;
	if (fault >= 0)
		outcome.injected = disarm(fault);
	close(module);
	if (!outcome.error)
		module_remove(call->path);
	return outcome;
}

static struct outcome call_open(const struct call *call, int nth)
{
	struct outcome outcome = { 0 };
	int fault = arm(nth);
	int fd = open(call->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		outcome.error = errno;
	outcome.injected = disarm(fault);
	if (fd >= 0)
		close(fd);
	return outcome;
}

static struct outcome submit(const struct call *call, int nth, int opcode)
{
	static char data[64];
	struct outcome outcome = { 0 };
	int fd = open(call->path, O_RDWR | O_CLOEXEC | call->flags);
	struct iocb request = {
		.aio_lio_opcode = opcode,
		.aio_fildes = fd,
		.aio_buf = (uintptr_t)data,
		.aio_nbytes = sizeof(data),
	};
	struct iocb *requests[] = { &request };
	aio_context_t context = 0;
	int fault;

	if (fd < 0 || syscall(SYS_io_setup, 1, &context)) {
		outcome.error = errno;
		return outcome;
	}
	/* The ring is the kernel's mapping, and io_submit() looks into it. */
	(void)*(volatile char *)context;
	fault = arm(nth);
	if (syscall(SYS_io_submit, context, 1, requests) != 1)
		outcome.error = errno;
	outcome.injected = disarm(fault);
	/* Cancels what is still queued, and waits for it. */
	syscall(SYS_io_destroy, context);
	close(fd);
	return outcome;
}

static struct outcome call_read(const struct call *call, int nth)
{
	return submit(call, nth, IOCB_CMD_PREAD);
}

static struct outcome call_write(const struct call *call, int nth)
{
	return submit(call, nth, IOCB_CMD_PWRITE);
}

static struct outcome call_ioctl(const struct call *call, int nth)
{
	static char argument[4096];
	struct outcome outcome = { 0 };
	int fd = open(call->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	int fault;

	if (fd < 0) {
		outcome.error = errno;
		return outcome;
	}
	fault = arm(nth);
	if (ioctl(fd, call->number, argument) < 0)
		outcome.error = errno;
	outcome.injected = disarm(fault);
	close(fd);
	return outcome;
}

/* In a child, because the call may never return, or not survive. */
static enum step walk_one(const struct call *call, const struct fault_kind *kind, int nth)
{
	struct pollfd result = { .events = POLLIN };
	struct outcome outcome = { 0 };
	int status = 0;
	int fds[2];
	pid_t child;

	if (pipe(fds))
		return STOP;
	child = fork();
	if (!child) {
		/* The fault is for the driver: no page of ours may be what is allocated. */
		mlockall(MCL_CURRENT | MCL_FUTURE);
		outcome = call->make(call, nth);
		(void)!write(fds[1], &outcome, sizeof(outcome));
		_exit(0);
	}
	close(fds[1]);
	result.fd = fds[0];
	if (child < 0 || poll(&result, 1, CALL_LIMIT_MS) != 1) {
		bool waits = child > 0 && !came_to_it(child);

		close(fds[0]);
		if (child > 0 && killed(child) && waits)
			return WAITS;
		printf("fault %s %s %d hang\n", call->name, kind->name, nth);
		return STOP;
	}
	if (read(fds[0], &outcome, sizeof(outcome)) != sizeof(outcome)) {
		waitpid(child, &status, 0);
		printf("fault %s %s %d killed %d\n", call->name, kind->name, nth,
		       WTERMSIG(status));
		close(fds[0]);
		return STOP;
	}
	close(fds[0]);
	waitpid(child, &status, 0);
	if (!outcome.injected)
		return NONE;
	if (outcome.error)
		printf("fault %s %s %d errno %d\n", call->name, kind->name, nth, outcome.error);
	else
		printf("fault %s %s %d ok\n", call->name, kind->name, nth);
	return MADE;
}

/* What a failed load leaves behind shows when the next one fails. */
static bool loads_again(const struct call *call, const struct fault_kind *kind, int nth)
{
	struct outcome outcome;

	if (call->make != call_insmod)
		return true;
	outcome = call_insmod(call, 0);
	if (outcome.error)
		printf("fault %s %s %d left %d\n", call->name, kind->name, nth, outcome.error);
	return !outcome.error;
}

static enum step step(struct call *call, const struct fault_kind *kind, int nth)
{
	char marker[64];
	enum step met;

	snprintf(marker, sizeof(marker), "kmodscope-fault: %s %s %d", call->name, kind->name, nth);
	faults_put("/dev/kmsg", marker);
	met = walk_one(call, kind, nth);
	if (met == WAITS && !call->flags) {
		call->flags = O_NONBLOCK;
		met = walk_one(call, kind, nth);
	}
	if (met == WAITS)
		met = STOP;
	if (met == MADE && !loads_again(call, kind, nth))
		met = STOP;
	fflush(stdout);
	return met;
}

/*
 * Up and down again: what the kernel keeps from one call for the next may move a page by one, and
 * a step up past one that comes down would miss it.
 */
static void walk(struct call *call, const struct fault_kind *kind)
{
	enum step met = NONE;
	int faults = 0;
	int most = 0;

	for (int nth = 1; nth <= FAULTS_MAX && nth <= most + MISSES_MAX && met != STOP; nth++) {
		met = step(call, kind, nth);
		if (met == MADE) {
			faults++;
			most = nth;
		}
	}
	for (int nth = most; nth > 0 && met != STOP; nth--) {
		met = step(call, kind, nth);
		faults += met == MADE;
	}
	printf("end %s %s %d\n", call->name, kind->name, faults);
}

static int walk_all(struct call *call)
{
	int error = faults_prepare();

	for (size_t i = 0; i < FAULT_KINDS; i++) {
		if (!error)
			error = faults_count_only(&fault_kinds[i]);
		if (error) {
			fprintf(stderr, "kmodscope-faults: no faults can be made in drivers: %s\n",
				strerror(error));
			return 4;
		}
		walk(call, &fault_kinds[i]);
	}
	return 0;
}

int faults_main(int argc, char **argv)
{
	static const struct call calls[] = {
		{ .name = "insmod", .make = call_insmod },
		{ .name = "open", .make = call_open },
		{ .name = "read", .make = call_read },
		{ .name = "write", .make = call_write },
		{ .name = "ioctl", .make = call_ioctl },
	};

	for (size_t i = 0; argc >= 3 && i < sizeof(calls) / sizeof(*calls); i++) {
		struct call call = calls[i];

		if (strcmp(argv[1], call.name))
			continue;
		call.path = argv[2];
		call.number = argc > 3 ? strtoul(argv[3], NULL, 0) : 0;
		return walk_all(&call);
	}
	fputs("usage: kmodscope-faults insmod FILE | open|read|write DEVICE | ioctl DEVICE NUMBER\n",
	      stderr);
	return 2;
}
