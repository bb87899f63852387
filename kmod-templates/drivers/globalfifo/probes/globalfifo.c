// SPDX-License-Identifier: GPL-2.0
/*
 * Does the FIFO keep what its own choices promise? What any device has to keep
 * is for other probes.
 *
 * #ifdef KMOD_AIO_DEFERRED
 * - Deferred requests are done at once and reported later. They do not wait for
 *   the device: that is their limit, and it is shown here.
 * #endif
 * #ifdef KMOD_AIO_QUEUED
 * - Queued requests wait, until a write or an ioctl ends the wait.
 * #endif
 * #ifdef KMOD_FSYNC
 * - fsync(2) waits for the writes that were queued before it, and for no more.
 * #endif
 * #ifdef KMOD_IOCTL
 * - ioctl(2) empties the FIFO and tells how full it is.
 * #endif
 * #ifdef KMOD_MINORS
 * - Several minors know nothing of each other.
 * #endif
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#ifdef KMOD_AIO
#include <linux/aio_abi.h>
#include <linux/time_types.h>
#endif
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef KMOD_IOCTL
#include <sys/ioctl.h>
#endif
#ifdef KMOD_AIO
#include <sys/syscall.h>
#include <sys/wait.h>
#endif
#include <unistd.h>

#ifdef KMOD_IOCTL
#include "../globalfifo_ioctl.h"
#endif
#include "probe.h"

static int fd;			/* may sleep */
static int plain;		/* O_NONBLOCK */
#ifdef KMOD_AIO

#define MANY		32

static char buffer[4096];
static aio_context_t context;	/* a new one for each test */
static struct iocb requests[MANY];

static bool submit(int number, int command, size_t length)
{
	struct iocb *request = &requests[number];

	memset(request, 0, sizeof(*request));
	request->aio_fildes = fd;
	request->aio_lio_opcode = command;
	request->aio_buf = length ? (uintptr_t)buffer : 0;
	request->aio_nbytes = length;
	if (syscall(SYS_io_submit, context, 1L, &request) == 1)
		return true;
	ktap_note("io_submit: %s", strerror(errno));
	return false;
}

static bool next_event(struct io_event *event, long long nanos)
{
	struct __kernel_old_timespec limit = { nanos / 1000000000, nanos % 1000000000 };

	return syscall(SYS_io_getevents, context, 1L, 1L, event, &limit) == 1;
}

/* Whether the next event is that of a request, with this result. */
static bool completes(int number, long result)
{
	struct io_event event;

	if (!next_event(&event, probe_seconds * 1000000000LL)) {
		ktap_note("no event within %ld s", probe_seconds);
		return false;
	}
	if (event.obj == (uintptr_t)&requests[number] && event.res == result)
		return true;
	ktap_note("result %lld instead of %ld, or of another request",
		  (long long)event.res, result);
	return false;
}
#endif
#ifdef KMOD_AIO_DEFERRED

static bool test_later(void)
{
	struct io_event event;
	long long start;
	bool early;

	/* On a busy machine, the delay may be over before anybody looks. */
	for (int try = 0; try < 20; try++) {
		start = probe_now();
		if (!submit(0, IOCB_CMD_PWRITE, 5))
			return false;
		if (read(plain, buffer, sizeof(buffer)) != 5) {
			ktap_note("io_submit has not written: %s", strerror(errno));
			return false;
		}
		early = !next_event(&event, 0);
		if (early && !completes(0, 5))
			return false;
		if (early) {
			ktap_measure("deferred", (probe_now() - start) / 1e6, "ms");
			return true;
		}
	}
	ktap_note("the result was always there at once");
	return false;
}

static bool test_limit(void)
{
	return submit(0, IOCB_CMD_PREAD, 5) && completes(0, -EAGAIN);
}

static bool test_once(void)
{
	bool seen[MANY] = { false };
	struct io_event event;
	long number;

	for (int i = 0; i < MANY; i++) {
		if (!submit(i, IOCB_CMD_PWRITE, i + 1))
			return false;
	}
	for (int i = 0; i < MANY; i++) {
		if (!next_event(&event, probe_seconds * 1000000000LL))
			return false;
		number = (struct iocb *)(uintptr_t)event.obj - requests;
		if (seen[number] || event.res != number + 1) {
			ktap_note("request %ld: result %lld%s", number, (long long)event.res,
				  seen[number] ? ", again" : "");
			return false;
		}
		seen[number] = true;
	}
	return !next_event(&event, 50000000);
}

static bool test_cancel(void)
{
	struct io_event unused;

	if (!submit(0, IOCB_CMD_PWRITE, 5))
		return false;
	if (!syscall(SYS_io_cancel, context, &requests[0], &unused) || errno != EINVAL) {
		ktap_note("io_cancel: %s", strerror(errno));
		return false;
	}
	return completes(0, 5);
}

/* After each test io_destroy has to return; here it has to wait. */
static bool test_destroy(void)
{
	for (int i = 0; i < MANY; i++) {
		if (!submit(i, IOCB_CMD_PWRITE, 1))
			return false;
	}
	return true;
}

static bool test_death(void)
{
	for (int i = 0; i < 10; i++) {
		pid_t child = fork();
		int status;

		if (!child) {
			context = 0;
			if (syscall(SYS_io_setup, MANY, &context))
				_exit(1);
			for (int j = 0; j < MANY; j++)
				submit(j, j % 2 ? IOCB_CMD_PREAD : IOCB_CMD_PWRITE, 3);
			if (i % 2)
				raise(SIGKILL);
			_exit(0);
		}
		if (child < 0 || waitpid(child, &status, 0) != child)
			return false;
	}
	return true;
}
#endif
#ifdef KMOD_AIO_QUEUED

static bool test_queued(void)
{
	return submit(0, IOCB_CMD_PREAD, 9) && write(plain, "hello", 5) == 5 && completes(0, 5);
}
#ifdef KMOD_IOCTL

static bool test_queued_clear(void)
{
	while (write(plain, buffer, sizeof(buffer)) > 0)
		;
	return submit(0, IOCB_CMD_PWRITE, 7) && !ioctl(fd, GLOBALFIFO_IOC_CLEAR) &&
	       completes(0, 7);
}
#endif
#endif
#ifdef KMOD_FSYNC

/* Whether a child ends by itself, in time, with 0. */
static bool ends_well(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child)
		return false;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	ktap_note("the child's status is 0x%x", status);
	return false;
}

/* A child that calls fsync(2), and ends with 0 when that succeeds. */
static pid_t start_fsync(void)
{
	pid_t child = fork();

	if (!child)
		_exit(fsync(fd) ? 1 : 0);
	return child;
}

/* The letter that ps(1) shows; 0 when the process has gone. */
static char state_of(pid_t pid)
{
	char path[40], line[512] = "";
	char *name_end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	/* PID (NAME) STATE, and the name may hold anything. */
	name_end = strrchr(line, ')');
	return name_end && name_end[1] ? name_end[2] : 0;
}

/*
 * Waits until the child sleeps, which it does in fsync(2) alone. That it goes on
 * sleeping can only be waited for.
 */
static bool still_waits(pid_t child)
{
	long long end = probe_now() + probe_seconds * 1000000000LL;

	while (state_of(child) != 'S' && probe_now() < end) {
		if (waitpid(child, NULL, WNOHANG))
			return false;
		usleep(1000);
	}
	usleep(20000);
	return waitpid(child, NULL, WNOHANG) == 0;
}

static void fill(void)
{
	while (write(plain, buffer, sizeof(buffer)) > 0)
		;
}

static void take(size_t bytes)
{
	if (read(plain, buffer, bytes) < 0)
		ktap_note("read: %s", strerror(errno));
}

static bool test_fsync_idle(void)
{
	if (!fsync(fd))
		return true;
	ktap_note("fsync: %s", strerror(errno));
	return false;
}

static bool test_fsync_waits(void)
{
	bool waited;
	pid_t child;

	fill();
	if (!submit(0, IOCB_CMD_PWRITE, 1))
		return false;
	child = start_fsync();
	waited = still_waits(child);
	take(1);
	return completes(0, 1) && ends_well(child) && waited;
}

/* The second write does not fit, whatever the size is that is left. */
static bool test_fsync_later(void)
{
	struct io_event event;
	bool waited;
	pid_t child;

	fill();
	if (!submit(0, IOCB_CMD_PWRITE, 1))
		return false;
	child = start_fsync();
	waited = still_waits(child);
	if (!submit(1, IOCB_CMD_PWRITE, 2))
		return false;
	take(1);
	return completes(0, 1) && ends_well(child) && waited && !next_event(&event, 0);
}

static bool test_fsync_cancelled(void)
{
	struct io_event unused;
	bool waited;
	pid_t child;

	fill();
	if (!submit(0, IOCB_CMD_PWRITE, 1) || !submit(1, IOCB_CMD_PWRITE, 1))
		return false;
	child = start_fsync();
	syscall(SYS_io_cancel, context, &requests[1], &unused);
	if (!completes(1, -ECANCELED))
		return false;
	waited = still_waits(child);
	syscall(SYS_io_cancel, context, &requests[0], &unused);
	return completes(0, -ECANCELED) && ends_well(child) && waited;
}

static bool test_fsync_signal(void)
{
	pid_t child;
	int status;

	fill();
	if (!submit(0, IOCB_CMD_PWRITE, 1))
		return false;
	child = start_fsync();
	if (!still_waits(child))
		return false;
	kill(child, SIGTERM);
	return waitpid(child, &status, 0) == child && WIFSIGNALED(status);
}

static bool test_fsync_aio(void)
{
	fill();
	return submit(0, IOCB_CMD_PWRITE, 1) && submit(1, IOCB_CMD_FSYNC, 0) &&
	       completes(1, -EAGAIN);
}
#endif
#ifdef KMOD_IOCTL

static bool test_ioctl_fill(void)
{
	struct globalfifo_fill fill;

	if (write(fd, "hello", 5) != 5 || ioctl(fd, GLOBALFIFO_IOC_FILL, &fill)) {
		ktap_note("write or ioctl: %s", strerror(errno));
		return false;
	}
	ktap_note("%u of %u bytes", fill.len, fill.size);
	return fill.len == 5 && fill.size >= 5;
}

static bool test_ioctl_address(void)
{
	return ioctl(fd, GLOBALFIFO_IOC_FILL, NULL) < 0 && errno == EFAULT;
}

static bool test_ioctl_clear(void)
{
	struct globalfifo_fill fill;

	return write(fd, "hello", 5) == 5 && !ioctl(fd, GLOBALFIFO_IOC_CLEAR) &&
	       !ioctl(fd, GLOBALFIFO_IOC_FILL, &fill) && !fill.len;
}

static bool test_ioctl_unknown(void)
{
	return ioctl(fd, _IO(0xF2, 0x7F)) < 0 && errno == ENOTTY;
}
#endif
#ifdef KMOD_MINORS

static bool test_minors(void)
{
	size_t last = strlen(probe_device) - 1;
	char *next = strdup(probe_device);
	char first, second;
	int other;

	if (!next || next[last] != '0')
		return probe_skip("%s is not the first of several", probe_device);
	next[last] = '1';
	other = open(next, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (other < 0)
		return probe_skip("there is no %s: %s", next, strerror(errno));
	probe_drain(other);
	if (write(fd, "a", 1) != 1 || write(other, "b", 1) != 1 ||
	    read(other, &second, 1) != 1 || read(plain, &first, 1) != 1) {
		ktap_note("read or write: %s", strerror(errno));
		return false;
	}
	close(other);
	free(next);
	return first == 'a' && second == 'b';
}
#endif

static const struct probe_test tests[] = {
#ifdef KMOD_AIO_DEFERRED
	{ "deferred: done at once, reported later", test_later, NULL },
	{ "deferred: its limit, EAGAIN on an empty device", test_limit, NULL },
	{ "deferred: each is reported once", test_once, NULL },
	{ "deferred: io_cancel cannot take back what is done", test_cancel, NULL },
	{ "deferred: io_destroy waits for the reports", test_destroy, NULL },
	{ "deferred: exit and SIGKILL before the reports", test_death, NULL },
#endif
#ifdef KMOD_AIO_QUEUED
	{ "queued: a read that waits gets what is written", test_queued, NULL },
#ifdef KMOD_IOCTL
	{ "queued: emptying the device lets a write in", test_queued_clear, NULL },
#endif
#endif
#ifdef KMOD_FSYNC
	{ "fsync: nothing is queued", test_fsync_idle, NULL },
	{ "fsync: waits for the write before it", test_fsync_waits, NULL },
	{ "fsync: does not wait for the write after it", test_fsync_later, NULL },
	{ "fsync: a cancelled write is through", test_fsync_cancelled, NULL },
	{ "fsync: a signal ends it", test_fsync_signal, NULL },
	{ "fsync: IOCB_CMD_FSYNC gets EAGAIN and does not wait", test_fsync_aio, NULL },
#endif
#ifdef KMOD_IOCTL
	{ "ioctl: how full it is", test_ioctl_fill, NULL },
	{ "ioctl: EFAULT for a bad address", test_ioctl_address, NULL },
	{ "ioctl: empties it", test_ioctl_clear, NULL },
	{ "ioctl: ENOTTY for what it does not know", test_ioctl_unknown, NULL },
#endif
#ifdef KMOD_MINORS
	{ "minors: each device is on its own", test_minors, NULL },
#endif
};

static void before(void)
{
	probe_drain(plain);
#ifdef KMOD_AIO
	context = 0;
	if (syscall(SYS_io_setup, MANY, &context))
		ktap_bail_out("io_setup: %s", strerror(errno));
#endif
}

static bool after(void)
{
#ifdef KMOD_AIO
	if (syscall(SYS_io_destroy, context)) {
		ktap_note("io_destroy: %s", strerror(errno));
		return false;
	}
#endif
	probe_drain(plain);
	return true;
}

int main(int argc, char **argv)
{
	const struct probe_option options[] = { { 0 } };

	probe_options(argc, argv, "does the FIFO keep what its choices promise?", options);
	ktap_plan(PROBE_COUNT(tests));
	fd = probe_open(O_RDWR);
	plain = probe_open(O_RDWR | O_NONBLOCK);
	probe_run(tests, PROBE_COUNT(tests), before, after);
	return ktap_finish();
}
