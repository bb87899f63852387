// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of ends: whatever ends while requests wait, nothing hangs, and the
 * device can be used afterwards.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "conformance.h"

#define DEPTH	8
/* Single bytes on pages of their own: they take time. */
#define SLOW	256
#define KILLS	5

static int ready;

static void submit_reads(void)
{
	begin_requests();
	for (int i = 0; i < DEPTH; i++) {
		prepare(&requests[i], IOCB_CMD_PREAD, pattern(unit), unit);
		submit(&requests[i]);
	}
}

static bool usable(void)
{
	char bytes[4096];

	drain();
	if (!is_fifo()) {
		doing("read(2) of what comes next");
		return check(read(fd, bytes, sizeof(bytes)) > 0, "it can still be read", "%s",
			     strerror(errno));
	}
	put("kept", 4);
	return contains("kept", 4);
}

static bool destroyed(void)
{
	submit_reads();
	end_requests();
	return usable();
}

static bool file_closed(void)
{
	int other = open_device(0);

	begin_requests();
	prepare(&requests[0], IOCB_CMD_PREAD, buffers[0], 4);
	requests[0].aio_fildes = other;
	submit(&requests[0]);
	doing("close(2) of a file with a request that waits");
	close(other);
	if (!nothing_completes())
		return false;
	put("late", 4);
	return completes(&requests[0], 4) && same(buffers[0], "late", 4);
}

static int leave(void *how)
{
	submit_reads();
	tell(ready);
	if (!strcmp(how, "exit"))
		return 0;
	for (;;)
		pause();
}

static bool left_behind(char *how)
{
	pid_t child;

	ready = gate();
	child = start(leave, how);
	if (!told(ready))
		return check(false, "requests are submitted",
			     "the process that does it got nowhere");
	doing("waiting for a process that ends with requests pending");
	return strcmp(how, "kill") ? ends_with(child, 0) : dies(child);
}

static bool exits(void)
{
	return left_behind("exit") && usable();
}

static bool killed(void)
{
	return left_behind("kill") && usable();
}

static int execute(void *unused)
{
	(void)unused;
	submit_reads();
	tell(ready);
	dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
	execv("/proc/self/exe", (char *const[]){ "conformance", "--list", NULL });
	return 1;
}

static bool execs(void)
{
	ready = gate();
	return ends_with(start(execute, NULL), 0) && usable();
}

/* Each byte of this read has to wait for a page of memory. */
static int read_slowly(void *unused)
{
	static struct iovec vector[SLOW];
	char *pages = mmap(NULL, SLOW * page_size(), PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)unused;
	if (pages == MAP_FAILED)
		return 1;
	for (int i = 0; i < SLOW; i++) {
		vector[i].iov_base = pages + i * page_size();
		vector[i].iov_len = 1;
	}
	begin_requests();
	prepare(&requests[0], IOCB_CMD_PREADV, vector, SLOW);
	submit(&requests[0]);
	for (int i = 1; i < DEPTH; i++)
		submit_read(i, 2);
	tell(ready);
	for (;;)
		pause();
}

/* The driver moves bytes into the memory of a process that dies. */
static bool killed_in_traffic(void)
{
	long long end;

	for (int i = 0; i < KILLS; i++) {
		char *bytes = pattern(SLOW);
		pid_t child;
		ssize_t sent;

		ready = gate();
		child = start(read_slowly, NULL);
		if (!told(ready))
			return false;
		doing("write(2) while the reader is killed");
		sent = write(plain, bytes, SLOW);
		(void)sent;
		if (!dies(child))
			return false;
		drain();
	}
	/*
	 * What the dead left may end a little later, but it ends. Each of them may
	 * take a byte; so there is always one, and ever more time to take it.
	 */
	end = now_ms() + 1000 * limit;
	begin_requests();
	drain();
	submit_read(0, 1);
	for (long wait = 1; now_ms() < end; wait *= 2) {
		struct io_event event;

		drain();
		for (int i = 0; i < DEPTH * KILLS; i++)
			put("x", 1);
		if (reap_within(&event, 1, wait))
			return true;
	}
	return check(false, "requests of dead processes are not in the way",
		     "a new request never gets its turn");
}

static void *submit_in_thread(void *unused)
{
	(void)unused;
	submit_read(0, 2);
	return NULL;
}

static bool thread_ended(void)
{
	pthread_t thread;

	begin_requests();
	if (pthread_create(&thread, NULL, submit_in_thread, NULL))
		give_up("a thread starts", "it did not");
	pthread_join(thread, NULL);
	if (!nothing_completes())
		return false;
	put("th", 2);
	return completes(&requests[0], 2) && same(buffers[0], "th", 2);
}

static int do_nothing(void *unused)
{
	(void)unused;
	return 0;
}

/* A child inherits the descriptor, and not the requests. */
static bool child_ended(void)
{
	begin_requests();
	submit_read(0, 2);
	if (!ends_with(start(do_nothing, NULL), 0) || !nothing_completes())
		return false;
	put("ch", 2);
	return completes(&requests[0], 2) && same(buffers[0], "ch", 2);
}

static int read_and_sleep(void *unused)
{
	char byte;

	(void)unused;
	tell(ready);
	return read(fd, &byte, 1) != 1;
}

static bool sleeper_killed(void)
{
	pid_t child;

	ready = gate();
	child = start(read_and_sleep, NULL);
	return told(ready) && falls_asleep(child) && dies(child) && usable();
}

static bool opened_often(void)
{
	for (long i = 0; i < count; i++) {
		doing("open(2) and close(2), many times");
		close(open_device(i % 2 ? O_NONBLOCK : 0));
	}
	return true;
}

const struct rule end_rules[] = {
	{ "end.opened-often", "the device can be opened and closed, again and again", "",
	  ".release does not give back what .open took",
	  opened_often },
	{ "end.sleeper-killed", "SIGKILL ends a process that sleeps in read", "fifo",
	  "wait_event() where wait_event_interruptible() is right",
	  sleeper_killed },
	{ "end.destroy", "io_destroy returns with requests pending", "read,aio=queued",
	  "no cancel function, or it completes nothing",
	  destroyed },
	{ "end.close", "a request outlives the close of its file", "fifo,aio=queued",
	  "the request is dropped in .flush; it holds a reference to the file",
	  file_closed },
	{ "end.exit", "a process can exit with requests pending", "read,aio=queued",
	  "no cancel function: exit waits for completions before it closes files",
	  exits },
	{ "end.exec", "a process can exec with requests pending", "read,aio=queued",
	  "no cancel function: exec waits for completions before it closes files",
	  execs },
	{ "end.kill", "SIGKILL ends a process with requests pending", "read,aio=queued",
	  "no cancel function: exit waits for completions before it closes files",
	  killed },
	{ "end.kill-in-traffic", "SIGKILL while bytes are moved to the process", "fifo,aio=queued",
	  "the worker that completes waits, in mmput(), for its own completions",
	  killed_in_traffic },
	{ "end.thread", "a request outlives the thread that made it", "fifo,aio=queued",
	  "the task is kept where the memory (mm) is meant",
	  thread_ended },
	{ "end.child", "the end of a child leaves requests alone", "fifo,aio=queued",
	  "the requests are dropped in .flush",
	  child_ended },
	{ 0 }
};
