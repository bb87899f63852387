// SPDX-License-Identifier: GPL-2.0
/*
 * What happens to a request when there is no memory for it. Only a kernel made for
 * that can tell: it lets the first allocation of a call fail, then the second, and
 * so on (Documentation/fault-injection, fail-nth). Kernels for daily use cannot; then
 * this rule is not among those that are tried.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance.h"

#define FAULT_FILE	"/proc/thread-self/fail-nth"
#define MANY		100	/* no io_submit() allocates so often */

static const char text[] = "sync";

bool faults_possible(void)
{
	return !access(FAULT_FILE, W_OK);
}

/* Else only allocations that must not sleep would fail. */
static void include_those_that_sleep(void)
{
	int file = open("/sys/kernel/debug/failslab/ignore-gfp-wait", O_WRONLY | O_CLOEXEC);

	if (file < 0 || write(file, "N", 1) != 1)
		skip("debugfs, which says what may fail, cannot be written: %s", strerror(errno));
	close(file);
}

/* Opened before, so that opening it is not what fails. */
static int begin_fault(int nth)
{
	int file = open(FAULT_FILE, O_RDWR | O_CLOEXEC);
	char number[16];

	snprintf(number, sizeof(number), "%d", nth);
	if (file < 0 || write(file, number, strlen(number)) < 0)
		skip("%s: %s", FAULT_FILE, strerror(errno));
	return file;
}

/* Whether there was an nth allocation, which failed. */
static bool end_fault(int file)
{
	char left[16] = "";
	bool made = pread(file, left, sizeof(left) - 1, 0) > 0 && !atoi(left);

	(void)!pwrite(file, "0", 1, 0);
	close(file);
	return made;
}

/* Submits the first request; what io_submit() returned, or minus errno. */
static int submit_failing(int nth, bool *made)
{
	int fault = begin_fault(nth);
	int taken = try_submit(&requests[0]);

	*made = end_fault(fault);
	return taken;
}

static bool refused(int taken)
{
	return check(taken == -EAGAIN || taken == -ENOMEM || taken == -EFAULT,
		     "a request for which there is no memory is refused",
		     "io_submit() gave %d (%s)", taken, strerror(-taken));
}

/* There is something to read: either it is read, or it stays. */
static bool read_at_once(int nth, bool *made)
{
	struct io_event event;
	long long result;
	int taken;

	put(text, 4);
	memset(buffers[0], '.', TEXT_SIZE);
	prepare(&requests[0], IOCB_CMD_PREAD, buffers[0], 4);
	taken = submit_failing(nth, made);
	if (taken != 1)
		return refused(taken) && contains(text, 4);
	if (!check(reap(&event, 1) == 1, "a request that was taken is completed",
		   "no event within %ld s, allocation %d failed", limit, nth))
		return false;
	result = event.res;
	if (result == 4)
		return same(buffers[0], text, 4) && contains("", 0);
	return check(result < 0, "all of it, or an error", "res is %lld", result) &&
	       contains(text, 4);
}

/* There is nothing to read: either it waits, or it says that it cannot. */
static bool read_later(int nth, bool *made)
{
	struct io_event event;
	int taken;

	memset(buffers[0], '.', TEXT_SIZE);
	prepare(&requests[0], IOCB_CMD_PREAD, buffers[0], 4);
	taken = submit_failing(nth, made);
	if (taken != 1)
		return refused(taken);
	if (reap_within(&event, 1, 0))
		return check((long long)event.res < 0, "an error when it cannot wait",
			     "res is %lld", (long long)event.res);
	put(text, 4);
	return completes(&requests[0], 4) && same(buffers[0], text, 4);
}

/* More than there is room for: res tells what went in before there was no memory. */
static bool write_partly(int nth, bool *made)
{
	long length = room + 8;
	char *bytes = pattern(length);
	char *received = pattern(length);
	struct io_event event;
	long done = 0;
	int taken;

	prepare(&requests[0], IOCB_CMD_PWRITE, bytes, length);
	taken = submit_failing(nth, made);
	if (taken == 1) {
		long long end = now_ms() + 1000 * limit;

		while (!reap_within(&event, 1, 1) && now_ms() < end)
			done += read_on(received + done, length - done);
	}
	done += read_on(received + done, length - done);
	free(bytes);
	free(received);
	if (taken != 1)
		return refused(taken) &&
		       check(!done, "nothing of a refused write is in", "%ld bytes are", done);
	return check((long long)event.res == done || ((long long)event.res < 0 && !done),
		     "res tells how many bytes went in", "res is %lld, and %ld came out",
		     (long long)event.res, done);
}

/* Lets one allocation after the other fail; how many there were, or -1. */
static int walk(bool (*holds)(int nth, bool *made))
{
	for (int nth = 1; nth <= MANY; nth++) {
		bool made;

		drain();
		if (!holds(nth, &made))
			return -1;
		if (!made)
			return nth - 1;
	}
	check(false, "the allocations of a call come to an end", "%d were made to fail", MANY);
	return -1;
}

static bool no_memory(void)
{
	int walked = 0;

	include_those_that_sleep();
	begin_requests();
	walked = walk(read_at_once);
	if (walked < 0)
		return false;
	note("io_submit() of what can be done at once: %d allocations failed", walked);
	if (!claims("aio=queued"))
		return true;
	walked = walk(read_later);
	if (walked < 0)
		return false;
	note("io_submit() of what has to wait: %d allocations failed", walked);
	return walk(write_partly) >= 0;
}

const struct rule fault_rules[] = {
	{ "fault.submit", "a request without memory is refused or done, not lost", "fifo,aio",
	  "what was moved already is forgotten when the record of the request cannot be allocated",
	  no_memory },
	{ 0 }
};
