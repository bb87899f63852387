// SPDX-License-Identifier: GPL-2.0
/*
 * libaio: does a device complete the requests of io_submit(2)?
 *
 * Each request has to be completed exactly once: when its time has come, when
 * it is cancelled, and when its process goes away. A driver that forgets one
 * leaves a process that cannot be killed and a module that cannot be unloaded.
 *
 * The kernel's own system calls are used, as the library libaio does; io_cancel
 * and its EINPROGRESS are better seen without the library:
 *
 *   io_setup       makes a context, which has a ring of completions
 *   io_submit      takes many requests, and says how many it has taken
 *   io_getevents   waits for at least min_nr completions, or for its time
 *   io_cancel      asks the driver; the request is completed with ECANCELED
 *   io_destroy     cancels what is pending and waits for it
 *
 * The result of a request is in "res" of its event. "res2" was meant for more,
 * and is 0.
 */
#define _GNU_SOURCE
#include <linux/aio_abi.h>
#include <linux/time_types.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "probe.h"

/* How long to listen when nothing may come. */
#define SILENCE_NS	100000000L
#define MAX_DEPTH	32
#define MAX_ROOM	0x100000L
/* The tests write no more than this at once when they want no waiting. */
#define NEEDED_ROOM	(2 * MAX_DEPTH)
/* Single bytes on pages of their own; the kernel takes no more at once. */
#define SLOW_BYTES	1024

static long depth = 8;
static long rounds = 20;
static int fd;			/* may sleep: for requests that wait */
static int plain;		/* O_NONBLOCK: for all else */
static long room;		/* what the empty device takes */
static aio_context_t context;	/* a new one for each test */

static struct iocb requests[MAX_DEPTH];
static char buffers[MAX_DEPTH][64];
static char *sent, *received;	/* more than the device takes */

static void begin_context(void)
{
	context = 0;
	if (syscall(SYS_io_setup, MAX_DEPTH, &context))
		ktap_bail_out("io_setup: %s", strerror(errno));
}

/* Cancels what is pending and waits for it. */
static bool end_context(void)
{
	aio_context_t ended = context;

	context = 0;
	if (!ended || !syscall(SYS_io_destroy, ended))
		return true;
	ktap_note("io_destroy: %s", strerror(errno));
	return false;
}

static int submit(struct iocb *request)
{
	return syscall(SYS_io_submit, context, 1L, &request);
}

static int cancel(struct iocb *request)
{
	struct io_event unused;

	return syscall(SYS_io_cancel, context, request, &unused);
}

static int get_events(struct io_event *events, long least, long most, long secs,
		      long nanos)
{
	struct __kernel_old_timespec limit = { secs, nanos };

	return syscall(SYS_io_getevents, context, least, most, events, &limit);
}

static int next_events(struct io_event *events, long n, long secs, long nanos)
{
	return get_events(events, n, n, secs, nanos);
}

static void prepare(struct iocb *request, int file, int command, void *buffer,
		    size_t length)
{
	memset(request, 0, sizeof(*request));
	request->aio_fildes = file;
	request->aio_lio_opcode = command;
	request->aio_buf = (uintptr_t)buffer;
	request->aio_nbytes = length;
}

static bool submitted(struct iocb *request)
{
	if (submit(request) == 1)
		return true;
	ktap_note("io_submit: %s", strerror(errno));
	return false;
}

/* Submits a read into the buffer of the same number. */
static bool submit_read(int number, size_t length)
{
	memset(buffers[number], '.', sizeof(buffers[number]));
	prepare(&requests[number], fd, IOCB_CMD_PREAD, buffers[number], length);
	return submitted(&requests[number]);
}

static bool submit_reads(void)
{
	for (int i = 0; i < depth; i++) {
		if (!submit_read(i, 2))
			return false;
	}
	return true;
}

/* Whether the next event is that of a request, with this result. */
static bool completes(const struct iocb *request, long result)
{
	struct io_event event;

	if (next_events(&event, 1, probe_seconds, 0) != 1) {
		ktap_note("no event within %ld s", probe_seconds);
		return false;
	}
	if (event.obj != (uintptr_t)request)
		ktap_note("another request was completed first");
	if ((long)event.res != result)
		ktap_note("res is %lld where %ld is right",
			  (long long)event.res, result);
	if (event.res2)
		ktap_note("res2 is %lld", (long long)event.res2);
	return event.obj == (uintptr_t)request && (long)event.res == result &&
	       !event.res2;
}

static bool nothing_completes(void)
{
	struct io_event event;

	if (next_events(&event, 1, 0, SILENCE_NS) == 0)
		return true;
	ktap_note("an event with res %lld came too early",
		  (long long)event.res);
	return false;
}

/* How much goes in until it is full. */
static long fill(void)
{
	long filled = 0;
	ssize_t put;

	while (filled <= MAX_ROOM &&
	       (put = write(plain, sent, MAX_ROOM)) > 0)
		filled += put;
	if (filled > MAX_ROOM || errno != EAGAIN)
		ktap_bail_out("%s: write until full ended after %ld bytes: %s",
			      probe_device, filled, strerror(errno));
	return filled;
}

static void write_now(const char *text)
{
	ssize_t length = strlen(text);
	ssize_t put = write(plain, text, length);

	if (put != length)
		ktap_bail_out("%s: write of %zd bytes: %s", probe_device, length,
			      put < 0 ? strerror(errno) : "it was short");
}

/* Whether this, and nothing else, is in the device. */
static bool holds(const char *text)
{
	ssize_t length = strlen(text);
	ssize_t got = read(plain, received, room);

	if (got == length && !memcmp(received, text, length))
		return true;
	ktap_note("%zd bytes can be read where %zd are right", got, length);
	return false;
}

static bool arrived(const char *buffer, const char *text)
{
	if (!memcmp(buffer, text, strlen(text)))
		return true;
	ktap_note("the bytes are not those that were written");
	return false;
}

static bool test_pending(void)
{
	if (!submit_read(0, 5) || !nothing_completes())
		return false;
	write_now("hello");
	return completes(&requests[0], 5) && arrived(buffers[0], "hello");
}

static bool test_at_once(void)
{
	write_now("now");
	return submit_read(0, 3) && completes(&requests[0], 3) &&
	       arrived(buffers[0], "now");
}

/* All in one call; what is there lets each complete at once. */
static bool test_one_call(void)
{
	struct iocb *list[MAX_DEPTH];
	struct io_event events[MAX_DEPTH];
	char text[NEEDED_ROOM + 1] = "";
	long long start;
	int taken, got;

	memset(text, 'm', 2 * depth);
	write_now(text);
	for (int i = 0; i < depth; i++) {
		prepare(&requests[i], fd, IOCB_CMD_PREAD, buffers[i], 2);
		list[i] = &requests[i];
	}
	start = probe_now();
	taken = syscall(SYS_io_submit, context, depth, list);
	ktap_measure("one_call.requests", depth, "requests");
	ktap_measure("one_call.submit", (probe_now() - start) / 1e3, "us");
	if (taken != depth) {
		ktap_note("io_submit took %d of %ld", taken, depth);
		return false;
	}
	got = next_events(events, depth, probe_seconds, 0);
	for (int i = 0; i < got; i++) {
		if (events[i].res != 2)
			return false;
	}
	return got == depth;
}

/* It takes those before the bad one, and says how many these are. */
static bool test_one_bad(void)
{
	struct iocb *list[] = { &requests[0], &requests[1], &requests[2] };

	write_now("abc");
	for (int i = 0; i < 3; i++)
		prepare(&requests[i], fd, IOCB_CMD_PREAD, buffers[i], 1);
	requests[1].aio_fildes = -1;
	if (syscall(SYS_io_submit, context, 3L, list) != 1) {
		ktap_note("io_submit did not take just the first");
		return false;
	}
	if (syscall(SYS_io_submit, context, 2L, list + 1) != -1 ||
	    errno != EBADF) {
		ktap_note("a file of -1 is no EBADF");
		return false;
	}
	return completes(&requests[0], 1) && nothing_completes();
}

static bool refuses(long result, int error, const char *what)
{
	if (result == -1 && errno == error)
		return true;
	ktap_note("%s: %s, not %s", what,
		  result == -1 ? strerror(errno) : "no error", strerror(error));
	return false;
}

static bool test_bad_arguments(void)
{
	aio_context_t none = 0, used = context;
	struct iocb *list[] = { &requests[0] };
	struct io_event event;
	bool right;

	right = refuses(syscall(SYS_io_setup, 0, &none), EINVAL,
			"io_setup for none");
	right = refuses(syscall(SYS_io_setup, 1, &used), EINVAL,
			"io_setup of one that is") && right;
	right = refuses(syscall(SYS_io_destroy, none), EINVAL,
			"io_destroy of none") && right;
	right = refuses(syscall(SYS_io_submit, none, 1L, list), EINVAL,
			"io_submit to none") && right;
	right = refuses(syscall(SYS_io_getevents, context, 2L, 1L, &event, NULL),
			EINVAL, "io_getevents of at least two of one") && right;
	prepare(&requests[0], fd, 99, buffers[0], 1);
	right = refuses(submit(&requests[0]), EINVAL, "a command 99") && right;
	right = refuses(cancel(&requests[0]), EINVAL,
			"io_cancel of what was not submitted") && right;
	/* fs.aio-max-nr is for all processes together. */
	if (!syscall(SYS_io_setup, 0x400000, &none))
		syscall(SYS_io_destroy, none);
	else
		right = refuses(-1, EAGAIN, "io_setup for too many") && right;
	return right;
}

/*
 * io_set_callback() of the library is no more than this: a function in the data
 * of the request, which comes back in the event.
 */
typedef void (*callback)(struct iocb *request, long res);

static const struct iocb *called_for;
static long called_with;

static void on_completion(struct iocb *request, long res)
{
	called_for = request;
	called_with = res;
}

static bool test_callback(void)
{
	struct io_event event;

	write_now("call");
	prepare(&requests[0], fd, IOCB_CMD_PREAD, buffers[0], 4);
	requests[0].aio_data = (uintptr_t)on_completion;
	if (!submitted(&requests[0]) ||
	    next_events(&event, 1, probe_seconds, 0) != 1)
		return false;
	((callback)(uintptr_t)event.data)((struct iocb *)(uintptr_t)event.obj,
					  event.res);
	return called_for == &requests[0] && called_with == 4 &&
	       arrived(buffers[0], "call");
}

/* Bad memory, and there is something to put there. */
static bool test_bad_memory_now(void)
{
	write_now("data");
	prepare(&requests[0], fd, IOCB_CMD_PREAD, NULL, 4);
	return submitted(&requests[0]) && completes(&requests[0], -EFAULT);
}

static bool test_short(void)
{
	if (!submit_read(0, sizeof(buffers[0])))
		return false;
	write_now("abc");
	return completes(&requests[0], 3) && arrived(buffers[0], "abc.");
}

static bool test_order(void)
{
	struct io_event events[MAX_DEPTH];
	char text[NEEDED_ROOM + 1] = "";
	int got;

	if (!submit_reads())
		return false;
	for (int i = 0; i < 2 * depth; i++)
		text[i] = 'a' + i % 26;
	write_now(text);
	got = next_events(events, depth, probe_seconds, 0);
	if (got != depth) {
		ktap_note("%d of %ld events within %ld s", got, depth, probe_seconds);
		return false;
	}
	for (int i = 0; i < depth; i++) {
		if (events[i].obj != (uintptr_t)&requests[i] ||
		    events[i].res != 2 ||
		    memcmp(buffers[i], text + 2 * i, 2)) {
			ktap_note("event %d is not that of read %d", i, i);
			return false;
		}
	}
	return true;
}

/* At least min_nr, at most nr, or what there is when the time is over. */
static bool test_min_nr(void)
{
	struct io_event events[4];
	int got;

	if (get_events(events, 0, 4, probe_seconds, 0)) {
		ktap_note("it waits for at least none");
		return false;
	}
	/* Two that are complete when io_submit() returns, and one that waits. */
	write_now("ab");
	for (int i = 0; i < 3; i++) {
		if (!submit_read(i, 1))
			return false;
	}
	got = get_events(events, 3, 4, 0, SILENCE_NS);
	if (got != 2) {
		ktap_note("%d events when the time was over, not 2", got);
		return false;
	}
	write_now("c");
	got = get_events(events, 1, 4, probe_seconds, 0);
	return got == 1 && events[0].obj == (uintptr_t)&requests[2];
}

/*
 * What all this is for: the program computes, and the device does its work at
 * the same time. Somebody else writes while this process is busy.
 */
static bool test_overlap(void)
{
	struct timespec pause = { .tv_nsec = SILENCE_NS / 4 };
	struct io_event events[MAX_DEPTH];
	char text[NEEDED_ROOM + 1] = "";
	long long start, submitted_at, computed_at;
	int begin[2], status, got;
	volatile unsigned long work = 0;
	pid_t child;

	/* Another process would inherit the ring. */
	if (!end_context())
		return false;
	memset(text, 'o', 2 * depth);
	if (pipe2(begin, O_CLOEXEC))
		ktap_bail_out("pipe: %s", strerror(errno));
	child = fork();
	if (child < 0)
		ktap_bail_out("fork: %s", strerror(errno));
	if (!child) {
		char byte;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (read(begin[0], &byte, 1) != 1)
			_exit(3);
		nanosleep(&pause, NULL);
		write_now(text);
		_exit(0);
	}
	begin_context();
	start = probe_now();
	if (!submit_reads())
		return false;
	submitted_at = probe_now();
	if (write(begin[1], "b", 1) != 1)
		ktap_bail_out("pipe: %s", strerror(errno));
	while (probe_now() < submitted_at + SILENCE_NS)
		work++;
	computed_at = probe_now();
	got = next_events(events, depth, probe_seconds, 0);
	ktap_measure("overlap.submit", (submitted_at - start) / 1e3, "us");
	ktap_measure("overlap.compute", (computed_at - submitted_at) / 1e3, "us");
	ktap_measure("overlap.wait", (probe_now() - computed_at) / 1e3, "us");
	close(begin[0]);
	close(begin[1]);
	return waitpid(child, &status, 0) == child && !status && got == depth;
}

static bool test_large_write(void)
{
	long length = room + room / 2 + 1;
	long done = 0;

	prepare(&requests[0], fd, IOCB_CMD_PWRITE, sent, length);
	if (!submitted(&requests[0]) || !nothing_completes())
		return false;
	while (done < length) {
		ssize_t got = read(fd, received + done, length - done);

		if (got <= 0)
			return false;
		done += got;
	}
	if (!completes(&requests[0], length))
		return false;
	if (!memcmp(sent, received, length))
		return true;
	ktap_note("the bytes are not those that were written");
	return false;
}

/* One request at a time: nothing says whose event would come first. */
static bool test_vectors(void)
{
	struct iovec in[] = { { buffers[0], 2 }, { buffers[1], 20 } };
	struct iovec out[] = { { "v", 1 }, { "ect", 3 }, { "ors", 3 } };

	memset(buffers, '.', sizeof(buffers));
	prepare(&requests[0], fd, IOCB_CMD_PREADV, in, 2);
	if (!submitted(&requests[0]) || !nothing_completes())
		return false;
	/* The driver must not need this array any more. */
	memset(in, 0, sizeof(in));
	write_now("vectors");
	if (!completes(&requests[0], 7) || !arrived(buffers[0], "ve.") ||
	    !arrived(buffers[1], "ctors."))
		return false;

	prepare(&requests[1], fd, IOCB_CMD_PWRITEV, out, 3);
	return submitted(&requests[1]) && completes(&requests[1], 7) &&
	       read(plain, buffers[2], 8) == 7 && arrived(buffers[2], "vectors.");
}

static bool test_bad_memory(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *gone = mmap(NULL, page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (gone == MAP_FAILED)
		ktap_bail_out("mmap: %s", strerror(errno));
	prepare(&requests[0], fd, IOCB_CMD_PREAD, gone, 4);
	if (!submitted(&requests[0]) || !submit_read(1, 4))
		return false;
	munmap(gone, page);
	write_now("good");
	return completes(&requests[0], -EFAULT) &&
	       completes(&requests[1], 4) && arrived(buffers[1], "good");
}

static bool test_nonblock(void)
{
	prepare(&requests[0], plain, IOCB_CMD_PREAD, buffers[0], 1);
	return submitted(&requests[0]) && completes(&requests[0], -EAGAIN);
}

/* The kernel's way to say yes is to fail with EINPROGRESS. */
static bool cancelled(struct iocb *request)
{
	int ret = cancel(request);

	if (ret < 0 && errno == EINPROGRESS)
		return true;
	ktap_note("io_cancel gave %d (%s)", ret, strerror(errno));
	return false;
}

static bool test_cancel(void)
{
	if (!submit_read(0, 4) || !submit_read(1, 4) || !nothing_completes() ||
	    !cancelled(&requests[1]) || !completes(&requests[1], -ECANCELED))
		return false;
	if (cancel(&requests[1]) != -1 || errno != EINVAL) {
		ktap_note("it can be cancelled twice");
		return false;
	}
	write_now("left");
	return completes(&requests[0], 4) && arrived(buffers[0], "left");
}

static bool test_cancel_partial(void)
{
	fill();
	if (read(plain, received, 16) != 16)
		ktap_bail_out("%s: what was written cannot be read", probe_device);
	prepare(&requests[0], fd, IOCB_CMD_PWRITE, sent, 48);
	return submitted(&requests[0]) && nothing_completes() &&
	       cancelled(&requests[0]) && completes(&requests[0], 16);
}

static bool test_destroy(void)
{
	if (!submit_reads() || !end_context())
		return false;
	write_now("kept");
	return holds("kept");
}

/* Each byte of this read has to wait for a page of memory. */
static void prepare_slow_read(struct iocb *request)
{
	static struct iovec vector[SLOW_BYTES];
	size_t page = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, SLOW_BYTES * page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		_exit(3);
	for (int i = 0; i < SLOW_BYTES; i++) {
		vector[i].iov_base = pages + i * page;
		vector[i].iov_len = 1;
	}
	prepare(request, fd, IOCB_CMD_PREADV, vector, SLOW_BYTES);
}

/* In a process of its own; tells the other one when its requests are pending. */
static void abandon(int ready, const char *how)
{
	char *const argv[] = { "libaio", "--help", NULL };
	char pending;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	context = 0;
	if (syscall(SYS_io_setup, MAX_DEPTH, &context))
		_exit(3);
	for (pending = 0; pending < depth; pending++) {
		prepare(&requests[0], fd, IOCB_CMD_PREAD, buffers[0], 2);
		if (!pending && !strcmp(how, "traffic"))
			prepare_slow_read(&requests[0]);
		if (submit(&requests[0]) != 1)
			_exit(3);
	}
	if (write(ready, &pending, 1) != 1)
		_exit(3);
	if (!strcmp(how, "exit"))
		_exit(0);
	if (!strcmp(how, "exec")) {
		dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
		execv("/proc/self/exe", argv);
		_exit(3);
	}
	while (true)
		pause();
}

/* Whether a process ends in time; one that hangs in the kernel does not. */
static bool reaped(pid_t child, int killer)
{
	struct timespec limit = { .tv_sec = probe_seconds };
	sigset_t set;
	int status;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	while (waitpid(child, &status, WNOHANG) != child) {
		if (sigtimedwait(&set, NULL, &limit) < 0 && errno == EAGAIN) {
			ktap_note("process %d does not end", (int)child);
			return false;
		}
	}
	/* The low bits are the signal, and 0 is a success. */
	if (status == killer)
		return true;
	ktap_note("process %d ended with status %#x", (int)child, status);
	return false;
}

/* A process leaves its requests behind. */
static bool left_behind(const char *how)
{
	bool traffic = !strcmp(how, "traffic");
	bool killed = traffic || !strcmp(how, "kill");
	char pending = 0;
	int ready[2];
	pid_t child;

	/* Another process would inherit its memory. */
	if (!end_context())
		return false;
	if (pipe2(ready, O_CLOEXEC))
		ktap_bail_out("pipe: %s", strerror(errno));
	child = fork();
	if (child < 0)
		ktap_bail_out("fork: %s", strerror(errno));
	if (!child)
		abandon(ready[1], how);
	close(ready[1]);
	if (read(ready[0], &pending, 1) != 1)
		ktap_note("the other process could not submit");
	close(ready[0]);
	if (traffic && write(plain, sent, SLOW_BYTES) <= 0)
		ktap_note("write: %s", strerror(errno));
	if (killed)
		kill(child, SIGKILL);
	return reaped(child, killed ? SIGKILL : 0) && pending == depth;
}

static bool test_exit(void)
{
	if (!left_behind("exit"))
		return false;
	write_now("kept");
	return holds("kept");
}

static bool test_exec(void)
{
	if (!left_behind("exec"))
		return false;
	write_now("kept");
	return holds("kept");
}

static bool test_kill(void)
{
	if (!left_behind("kill"))
		return false;
	write_now("kept");
	return holds("kept");
}

/*
 * The process dies while the driver is moving bytes into its memory. Then it is
 * the driver that lets go of this memory last, and must not wait for itself.
 * What the process left may end a little later than the process, but it ends: a
 * read that is submitted afterwards gets its turn.
 */
static bool test_kill_in_traffic(void)
{
	struct io_event event;

	probe_guard("SIGKILL while requests are carried out",
		    4 * probe_seconds + 1 + rounds);
	for (long i = 0; i < rounds; i++) {
		probe_drain(plain);
		if (!left_behind("traffic"))
			return false;
	}
	probe_drain(plain);
	begin_context();
	if (!submit_read(0, 1))
		return false;
	for (long i = 0; i <= depth * rounds; i++) {
		probe_drain(plain);
		write_now("x");
		if (next_events(&event, 1, 0, SILENCE_NS) == 1)
			return true;
	}
	ktap_note("reads of dead processes are in the way");
	return false;
}

static bool test_poll(void)
{
	struct io_event event;

	prepare(&requests[0], fd, IOCB_CMD_POLL, NULL, 0);
	requests[0].aio_buf = POLLIN;
	if (!submitted(&requests[0]) || !nothing_completes())
		return false;
	write_now("ready");
	if (next_events(&event, 1, probe_seconds, 0) != 1) {
		ktap_note("no event within %ld s", probe_seconds);
		return false;
	}
	ktap_note("res %#llx", (unsigned long long)event.res);
	/* It says ready, not done: the bytes are still to be read. */
	return event.res > 0 && event.res & POLLIN && holds("ready");
}

static bool test_eventfd(void)
{
	int counter = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	struct pollfd item = { .fd = counter, .events = POLLIN };
	eventfd_t completed = 0;
	bool right;

	if (counter < 0)
		ktap_bail_out("eventfd: %s", strerror(errno));
	prepare(&requests[0], fd, IOCB_CMD_PREAD, buffers[0], 4);
	requests[0].aio_flags = IOCB_FLAG_RESFD;
	requests[0].aio_resfd = counter;
	right = submitted(&requests[0]) && !poll(&item, 1, 0);
	write_now("ring");
	if (poll(&item, 1, probe_seconds * 1000) != 1 ||
	    eventfd_read(counter, &completed))
		ktap_note("the eventfd was not told within %ld s", probe_seconds);
	close(counter);
	return right && completed == 1 && completes(&requests[0], 4) &&
	       arrived(buffers[0], "ring");
}

static bool test_as_found(void)
{
	long now = fill();

	if (now != room)
		ktap_note("it takes %ld bytes, %ld at the beginning", now,
			  room);
	return now == room;
}

#define QUEUED	"aio=queued"

static const struct probe_test tests[] = {
	{ "read: complete at once when there is something", test_at_once, NULL },
	{ "io_submit: many in one call", test_one_call, NULL },
	{ "io_submit: stops before a bad one", test_one_bad, NULL },
	{ "bad arguments: EINVAL, EBADF and EAGAIN", test_bad_arguments, NULL },
	{ "a callback: the data of the request comes back", test_callback,
	  NULL },
	{ "EFAULT: bad memory when there is something", test_bad_memory_now,
	  NULL },
	{ "O_NONBLOCK: EAGAIN, nothing waits", test_nonblock, NULL },
	{ "read: pending until a write completes it", test_pending, QUEUED },
	{ "read: short when less is there", test_short, QUEUED },
	{ "reads: complete in the order they came", test_order, QUEUED },
	{ "io_getevents: min_nr, nr and the time-out", test_min_nr, QUEUED },
	{ "submit, compute, reap: the device works meanwhile", test_overlap,
	  QUEUED },
	{ "write: complete when all of it is in", test_large_write, QUEUED },
	{ "preadv and pwritev: several segments", test_vectors, QUEUED },
	{ "EFAULT: bad memory harms its own request only", test_bad_memory,
	  QUEUED },
	{ "io_cancel: EINPROGRESS, then ECANCELED", test_cancel, QUEUED },
	{ "io_cancel: a write tells what was done", test_cancel_partial,
	  QUEUED },
	{ "io_destroy: returns with requests pending", test_destroy, QUEUED },
	{ "exit with requests pending", test_exit, QUEUED },
	{ "exec with requests pending", test_exec, QUEUED },
	{ "SIGKILL with requests pending", test_kill, QUEUED },
	{ "SIGKILL while requests are carried out", test_kill_in_traffic,
	  QUEUED },
	{ "IOCB_CMD_POLL: says ready", test_poll, "poll" },
	{ "IOCB_FLAG_RESFD: an eventfd is told", test_eventfd, QUEUED },
	{ "the device is left as it was found", test_as_found, NULL },
};

/* Finds out what the device takes, and whether there is anything to test. */
static void look(void)
{
	if (!probe_claims("aio")) {
		probe_stop("generated without asynchronous I/O");
		return;
	}
	if (syscall(SYS_io_setup, 1, &context)) {
		probe_stop("io_setup: %s", strerror(errno));
		return;
	}
	syscall(SYS_io_destroy, context);
	probe_drain(plain);
	room = fill();
	if (room < NEEDED_ROOM)
		probe_stop("the device takes %ld bytes, not %d", room,
			   NEEDED_ROOM);
}

/* Around each test: an empty device and a context of its own. */
static void before(void)
{
	probe_drain(plain);
	begin_context();
}

int main(int argc, char **argv)
{
	const struct probe_option options[] = {
		PROBE_NUMBER("depth", depth, 2, MAX_DEPTH, "requests at a time"),
		PROBE_NUMBER("rounds", rounds, 1, 1000,
			     "processes to kill in traffic"),
		{ 0 }
	};
	sigset_t blocked;

	probe_options(argc, argv, "does a device complete what is submitted to it?",
		      options);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	sent = malloc(2 * MAX_ROOM);
	received = malloc(2 * MAX_ROOM);
	if (!sent || !received)
		ktap_bail_out("malloc: %s", strerror(errno));
	for (long i = 0; i < 2 * MAX_ROOM; i++)
		sent[i] = i % 251;

	ktap_plan(PROBE_COUNT(tests));
	fd = probe_open(O_RDWR);
	plain = probe_open(O_RDWR | O_NONBLOCK);
	look();
	probe_run(tests, PROBE_COUNT(tests), before, end_context);
	if (!*probe_stopped)
		probe_drain(plain);
	return ktap_finish();
}
