// SPDX-License-Identifier: GPL-2.0
/*
 * posix-aio: the asynchronous I/O of POSIX, aio_read() and its family.
 *
 * It works on anything that can be read, because glibc builds it from threads:
 * aio_read() gives the request to a thread, and the thread calls read(). There
 * is one thread for each file at a time, so that requests for one file wait for
 * each other. A driver never learns of it. Its own asynchronous path is reached
 * by io_submit(2), which is what the probe libaio tests.
 *
 * The rules of the calls:
 *
 *   aio_error()    EINPROGRESS, then 0 or the error: returned, not in errno
 *   aio_return()   what read() would have returned; once for each request
 *   aio_suspend()  waits for one of a list
 *   aio_cancel()   AIO_CANCELED, AIO_NOTCANCELED (it is being carried out) or
 *                  AIO_ALLDONE (it was done before)
 *   lio_listio()   many at once, waiting or not
 *
 * The request and its memory belong to the library until aio_error() says
 * something else than EINPROGRESS.
 */
#define _GNU_SOURCE
#include <aio.h>
#include <dirent.h>
#include <poll.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "probe.h"

/* How long to look when nothing may happen. */
#define SILENCE_NS	50000000L
#define MAX_DEPTH	64

static long depth = 8;
static int file = -1;		/* a new, empty one for each test */
static int ends[2];		/* of a pipe: [0] is read, [1] is written */
static struct aiocb requests[MAX_DEPTH];
static char buffers[MAX_DEPTH][64];

static void prepare(int number, int fd, size_t length, off_t offset)
{
	memset(&requests[number], 0, sizeof(requests[number]));
	memset(buffers[number], '.', sizeof(buffers[number]));
	requests[number].aio_fildes = fd;
	requests[number].aio_buf = buffers[number];
	requests[number].aio_nbytes = length;
	requests[number].aio_offset = offset;
	requests[number].aio_sigevent.sigev_notify = SIGEV_NONE;
}

static bool failed(const char *call)
{
	ktap_note("%s: %s", call, strerror(errno));
	return false;
}

/* Starts a read into the buffer of the same number. */
static bool start_read(int number, int fd, size_t length)
{
	prepare(number, fd, length, 0);
	return !aio_read(&requests[number]) || failed("aio_read");
}

/* Waits for one request; false when it is not done in time. */
static bool done(int number)
{
	const struct aiocb *list[] = { &requests[number] };
	struct timespec limit = { .tv_sec = probe_seconds };

	while (aio_error(&requests[number]) == EINPROGRESS) {
		if (aio_suspend(list, 1, &limit) && errno != EINTR)
			return failed("aio_suspend");
	}
	return true;
}

/* Whether it is done, and with this result; an error is negative. */
static bool gives(int number, ssize_t expected)
{
	ssize_t result;
	int error;

	if (!done(number))
		return false;
	error = aio_error(&requests[number]);
	result = aio_return(&requests[number]);
	if (error ? -error == expected && result == -1 : result == expected)
		return true;
	ktap_note("request %d gave %zd (%s) where %zd is right", number, result,
		  strerror(error), expected);
	return false;
}

static bool pending(int number)
{
	int error = aio_error(&requests[number]);

	if (error == EINPROGRESS)
		return true;
	ktap_note("request %d is not in progress: %s", number, strerror(error));
	return false;
}

static bool arrived(int number, const char *text)
{
	if (!memcmp(buffers[number], text, strlen(text)))
		return true;
	ktap_note("the bytes are not those that were written");
	return false;
}

static void put(int fd, const char *text)
{
	ssize_t length = strlen(text);

	if (write(fd, text, length) != length)
		ktap_bail_out("write: %s", strerror(errno));
}

static bool test_file(void)
{
	prepare(0, file, 5, 0);
	memcpy(buffers[0], "hello", 5);
	if (aio_write(&requests[0]))
		return failed("aio_write");
	return gives(0, 5) && start_read(1, file, 64) && gives(1, 5) &&
	       arrived(1, "hello.");
}

/* Many at once, each at its own place. */
static bool test_offsets(void)
{
	for (int i = 0; i < depth; i++) {
		prepare(i, file, 4, 4 * i);
		snprintf(buffers[i], sizeof(buffers[i]), "%4d", i);
		if (aio_write(&requests[i]))
			return failed("aio_write");
	}
	for (int i = 0; i < depth; i++) {
		if (!gives(i, 4))
			return false;
	}
	for (int i = 0; i < depth; i++) {
		char text[16];

		snprintf(text, sizeof(text), "%4d", i);
		prepare(i, file, 4, 4 * i);
		if (aio_read(&requests[i]))
			return failed("aio_read");
		if (!gives(i, 4) || !arrived(i, text))
			return false;
	}
	return true;
}

static bool test_pipe(void)
{
	if (!start_read(0, ends[0], 64) || !pending(0))
		return false;
	put(ends[1], "later");
	return gives(0, 5) && arrived(0, "later");
}

static bool test_socket(void)
{
	int sockets[2];
	bool right;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets))
		return failed("socketpair");
	right = start_read(0, sockets[0], 64) && pending(0);
	put(sockets[1], "socket");
	right = gives(0, 6) && right && arrived(0, "socket");
	prepare(1, sockets[0], 4, 0);
	memcpy(buffers[1], "back", 4);
	if (aio_write(&requests[1]))
		right = failed("aio_write");
	else
		right = gives(1, 4) && right;
	right = read(sockets[1], buffers[2], 64) == 4 && right &&
		arrived(2, "back");
	close(sockets[0]);
	close(sockets[1]);
	return right;
}

/* The error is what aio_error() returns. It leaves errno alone. */
static bool test_error(void)
{
	int error;

	if (!start_read(0, ends[1], 1) || !done(0))
		return false;
	errno = 0;
	error = aio_error(&requests[0]);
	if (errno)
		ktap_note("it has changed errno");
	return error == EBADF && !errno && gives(0, -EBADF);
}

static bool test_suspend(void)
{
	const struct aiocb *list[] = { NULL, &requests[0], NULL, &requests[1] };
	struct timespec moment = { .tv_nsec = SILENCE_NS };
	struct timespec limit = { .tv_sec = probe_seconds };
	bool right;

	/* Requests for one file wait for each other: one is for another. */
	if (!start_read(0, ends[0], 4) || !start_read(1, file, 4))
		return false;
	right = gives(1, 0);
	if (aio_suspend(list, 2, &moment) != -1 || errno != EAGAIN) {
		ktap_note("aio_suspend did not wait for the end of its time");
		right = false;
	}
	put(ends[1], "four");
	if (aio_suspend(list, 3, &limit))
		right = failed("aio_suspend");
	return gives(0, 4) && right;
}

static int cancelled(int fd, struct aiocb *request, const char *what)
{
	int ret = aio_cancel(fd, request);

	ktap_note("%s: %s", what,
		  ret == AIO_CANCELED ? "AIO_CANCELED" :
		  ret == AIO_NOTCANCELED ? "AIO_NOTCANCELED" :
		  ret == AIO_ALLDONE ? "AIO_ALLDONE" : strerror(errno));
	return ret;
}

/* Whether some thread of this process is in read(2) or pread(2) of a file. */
static int readers_of(int fd)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *task;
	int readers = 0;

	if (!tasks)
		return -1;
	while ((task = readdir(tasks))) {
		char path[300], line[256] = "";
		unsigned long number, first;
		int entry;

		snprintf(path, sizeof(path), "/proc/self/task/%s/syscall",
			 task->d_name);
		entry = open(path, O_RDONLY | O_CLOEXEC);
		if (entry < 0)
			continue;
		/* The number of the call, then its arguments. */
		if (read(entry, line, sizeof(line) - 1) > 0 &&
		    sscanf(line, "%lu %lx", &number, &first) == 2 &&
		    (number == SYS_read || number == SYS_pread64) &&
		    first == (unsigned long)fd)
			readers++;
		close(entry);
	}
	closedir(tasks);
	return readers;
}

/* Until the library's thread has begun; false when that cannot be seen. */
static bool carried_out(int fd)
{
	struct timespec moment = { .tv_nsec = 1000000 };
	long long end = probe_now() + probe_seconds * 1000000000LL;

	while (readers_of(fd) < 1) {
		if (probe_now() > end || access("/proc/self/syscall", R_OK))
			return false;
		ppoll(NULL, 0, &moment, NULL);
	}
	return true;
}

static bool test_cancel(void)
{
	bool right;

	/* The first is being carried out; the second waits behind it. */
	if (!start_read(0, ends[0], 4) || !start_read(1, ends[0], 4))
		return false;
	if (!carried_out(ends[0])) {
		put(ends[1], "12345678");
		gives(0, 4);
		gives(1, 4);
		return probe_skip("/proc/self/task does not show system calls");
	}
	right = cancelled(ends[0], &requests[1], "one that waits") ==
			AIO_CANCELED &&
		gives(1, -ECANCELED);
	right = cancelled(ends[0], &requests[0], "one that is carried out") ==
			AIO_NOTCANCELED && right;
	put(ends[1], "four");
	right = gives(0, 4) && right;
	return cancelled(ends[0], &requests[0], "one that is done") ==
		       AIO_ALLDONE && right;
}

/* A request of NULL stands for all of the file. */
static bool test_cancel_all(void)
{
	bool right;

	for (int i = 0; i < 3; i++) {
		if (!start_read(i, ends[0], 4))
			return false;
	}
	if (!carried_out(ends[0])) {
		put(ends[1], "123456789012");
		for (int i = 0; i < 3; i++)
			gives(i, 4);
		return probe_skip("/proc/self/task does not show system calls");
	}
	right = cancelled(ends[0], NULL, "all of the file") == AIO_NOTCANCELED;
	put(ends[1], "four");
	right = gives(0, 4) && right;
	right = gives(1, -ECANCELED) && right;
	right = gives(2, -ECANCELED) && right;
	return cancelled(ends[0], NULL, "all, when there are none") ==
		       AIO_ALLDONE && right;
}

static bool test_list_wait(void)
{
	struct aiocb *list[] = { &requests[0], NULL, &requests[1], &requests[2] };

	put(file, "0123456789");
	prepare(0, file, 4, 2);
	requests[0].aio_lio_opcode = LIO_READ;
	prepare(1, file, 3, 10);
	memcpy(buffers[1], "abc", 3);
	requests[1].aio_lio_opcode = LIO_WRITE;
	prepare(2, file, 1, 0);
	requests[2].aio_lio_opcode = LIO_NOP;
	/* It returns when all are done. */
	if (lio_listio(LIO_WAIT, list, PROBE_COUNT(list), NULL))
		return failed("lio_listio");
	if (aio_error(&requests[0]) || aio_error(&requests[1])) {
		ktap_note("it returned before all was done");
		return false;
	}
	return gives(0, 4) && arrived(0, "2345") && gives(1, 3) &&
	       pread(file, buffers[3], 3, 10) == 3 && arrived(3, "abc");
}

/* One that fails does not harm the others; the call says EIO. */
static bool test_list_error(void)
{
	struct aiocb *list[] = { &requests[0], &requests[1] };

	put(file, "good");
	prepare(0, file, 4, 0);
	requests[0].aio_lio_opcode = LIO_READ;
	prepare(1, ends[1], 4, 0);
	requests[1].aio_lio_opcode = LIO_READ;
	if (lio_listio(LIO_WAIT, list, 2, NULL) != -1 || errno != EIO) {
		ktap_note("lio_listio does not say EIO");
		return false;
	}
	return gives(0, 4) && arrived(0, "good") && gives(1, -EBADF);
}

/* The next completion signal; SIGEV_SIGNAL sends it to the process. */
static bool signalled(int value)
{
	struct timespec limit = { .tv_sec = probe_seconds };
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	if (sigtimedwait(&set, &info, &limit) != SIGRTMIN)
		return failed("no signal");
	ktap_note("signal %d, si_code %d (SI_ASYNCIO is %d), value %d",
		  info.si_signo, info.si_code, SI_ASYNCIO,
		  info.si_value.sival_int);
	return info.si_code == SI_ASYNCIO && info.si_value.sival_int == value;
}

static void by_signal(struct sigevent *event, int value)
{
	memset(event, 0, sizeof(*event));
	event->sigev_notify = SIGEV_SIGNAL;
	event->sigev_signo = SIGRTMIN;
	event->sigev_value.sival_int = value;
}

static bool test_list_nowait(void)
{
	struct aiocb *list[] = { &requests[0], &requests[1] };
	struct sigevent all_done;
	bool right;

	prepare(0, ends[0], 4, 0);
	requests[0].aio_lio_opcode = LIO_READ;
	prepare(1, file, 4, 0);
	requests[1].aio_lio_opcode = LIO_WRITE;
	by_signal(&all_done, 42);
	if (lio_listio(LIO_NOWAIT, list, 2, &all_done))
		return failed("lio_listio");
	right = pending(0);
	put(ends[1], "pipe");
	/* One signal for the whole list. */
	right = signalled(42) && right;
	return gives(0, 4) && gives(1, 4) && right;
}

static bool test_signal(void)
{
	bool right;

	prepare(0, ends[0], 4, 0);
	by_signal(&requests[0].aio_sigevent, 7);
	if (aio_read(&requests[0]))
		return failed("aio_read");
	right = pending(0);
	put(ends[1], "bell");
	right = signalled(7) && right;
	return gives(0, 4) && arrived(0, "bell") && right;
}

static sem_t called;
static atomic_int called_with;

/* Runs in a thread of the library's. */
static void on_completion(union sigval value)
{
	called_with = value.sival_int;
	sem_post(&called);
}

static bool test_callback(void)
{
	struct timespec end;
	bool right;

	prepare(0, ends[0], 4, 0);
	requests[0].aio_sigevent.sigev_notify = SIGEV_THREAD;
	requests[0].aio_sigevent.sigev_notify_function = on_completion;
	requests[0].aio_sigevent.sigev_value.sival_int = 11;
	if (aio_read(&requests[0]))
		return failed("aio_read");
	right = pending(0);
	put(ends[1], "call");
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += probe_seconds;
	while (sem_timedwait(&called, &end)) {
		if (errno != EINTR)
			return failed("the function was not called");
	}
	return called_with == 11 && gives(0, 4) && right;
}

/* Nothing is in progress any more when this returns. */
static bool test_device(void)
{
	int fd = probe_open(O_RDWR), plain = probe_open(O_RDWR | O_NONBLOCK);
	bool right = true;
	int readers;

	if (read(plain, buffers[0], 1) != -1 || errno != EAGAIN) {
		close(fd);
		close(plain);
		return probe_skip("reads of the device do not wait");
	}
	for (int i = 0; i < depth; i++)
		right = start_read(i, fd, 1) && right;
	if (!carried_out(fd)) {
		for (int i = 0; i < depth; i++) {
			put(plain, "x");
			right = gives(i, 1) && right;
		}
		close(fd);
		close(plain);
		return right && probe_skip("/proc/self/task does not show system calls");
	}
	readers = readers_of(fd);
	ktap_note("%ld requests, and %d thread in read(2) of the driver", depth,
		  readers);
	ktap_measure("device.requests", depth, "requests");
	ktap_measure("device.threads", readers, "threads");
	/* The other requests have not even reached the kernel. */
	right = readers == 1 && right;
	right = cancelled(fd, NULL, "all of the device") == AIO_NOTCANCELED &&
		right;
	put(plain, "x");
	right = gives(0, 1) && arrived(0, "x") && right;
	for (int i = 1; i < depth; i++)
		right = gives(i, -ECANCELED) && right;
	close(fd);
	close(plain);
	return right;
}

static const struct probe_test tests[] = {
	{ "aio_write and aio_read on a file", test_file, NULL },
	{ "many requests, each with its offset", test_offsets, NULL },
	{ "aio_read on a pipe: EINPROGRESS until it is written", test_pipe,
	  NULL },
	{ "aio_read and aio_write on a socket", test_socket, NULL },
	{ "aio_error: returns the error, errno stays", test_error, NULL },
	{ "aio_suspend: a list with NULL elements, and its time",
	  test_suspend, NULL },
	{ "aio_cancel: one request, in each state", test_cancel, NULL },
	{ "aio_cancel: all requests of a file", test_cancel_all, NULL },
	{ "lio_listio LIO_WAIT: read, write, nop and NULL", test_list_wait,
	  NULL },
	{ "lio_listio LIO_WAIT: one that fails is EIO", test_list_error, NULL },
	{ "lio_listio LIO_NOWAIT: a signal when all are done",
	  test_list_nowait, NULL },
	{ "SIGEV_SIGNAL: completion by signal", test_signal, NULL },
	{ "SIGEV_THREAD: completion by callback", test_callback, NULL },
	{ "the device: one thread in read(2), and the rest waits outside",
	  test_device, NULL },
};

/* A pipe and a file that nobody else has. */
static void before(void)
{
	FILE *unnamed = tmpfile();

	if (!unnamed)
		ktap_bail_out("tmpfile: %s", strerror(errno));
	file = dup(fileno(unnamed));
	fclose(unnamed);
	if (file < 0 || pipe2(ends, O_CLOEXEC))
		ktap_bail_out("pipe: %s", strerror(errno));
}

static bool after(void)
{
	close(file);
	close(ends[0]);
	close(ends[1]);
	return true;
}

int main(int argc, char **argv)
{
	const struct probe_option options[] = {
		PROBE_NUMBER("depth", depth, 3, MAX_DEPTH, "requests at a time"),
		{ 0 }
	};
	sigset_t blocked;

	probe_options(argc, argv, "the asynchronous I/O of POSIX", options);
	/* Before there are threads: they inherit it. */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	if (sem_init(&called, 0, 0))
		ktap_bail_out("sem_init: %s", strerror(errno));
	ktap_plan(PROBE_COUNT(tests));
	probe_run(tests, PROBE_COUNT(tests), before, after);
	return ktap_finish();
}
