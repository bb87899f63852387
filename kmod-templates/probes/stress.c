// SPDX-License-Identifier: GPL-2.0
/*
 * stress: does a device keep its promises when everything happens at once?
 *
 * Several processes do what comes to their minds, for a time. Their minds are a
 * random number generator whose seed is printed: --seed goes the same way again,
 * as far as the scheduler lets it.
 *
 * What must hold whatever happens: a request is completed once; each byte that
 * went in comes out once; one writer's bytes come in its order; whoever is killed
 * ends; and afterwards the device works as before.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/time_types.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe.h"

#define DEPTH		8	/* requests of each process at a time */
#define LARGEST		64	/* bytes of one read or write */
#define MAX_PROCESSES	16

static long duration = 2;
static long processes = 4;
static long seed;
static long long stop;		/* when the running test is over */

/* What all processes count together. */
static struct {
	atomic_long bytes_in, bytes_out, sum_in, sum_out;
	atomic_long submitted, completed, cancelled, signals, killed;
	atomic_bool wrong;
} *total;

struct request {
	struct iocb iocb;
	unsigned char bytes[LARGEST];
	bool waits;
};

static struct request requests[DEPTH];
static aio_context_t context;
static unsigned long long state;

/* xorshift64: good enough to be unpredictable, and the same everywhere. */
static unsigned int chance(unsigned int of)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 32) % of;
}

static void wrong(const char *what, long long seen)
{
	total->wrong = true;
	ktap_note("process %d: %s: %lld", (int)getpid(), what, seen);
}

static void count_bytes(bool in, const unsigned char *bytes, long length)
{
	long sum = 0;

	for (long i = 0; i < length; i++)
		sum += bytes[i];
	if (in) {
		total->bytes_in += length;
		total->sum_in += sum;
	} else {
		total->bytes_out += length;
		total->sum_out += sum;
	}
}

static void fill_bytes(unsigned char *bytes, long length)
{
	for (long i = 0; i < length; i++)
		bytes[i] = chance(256);
}

static void read_or_write(int file, bool in)
{
	unsigned char bytes[LARGEST];
	long length = 1 + chance(LARGEST);
	ssize_t done;

	fill_bytes(bytes, length);
	done = in ? write(file, bytes, length) : read(file, bytes, length);
	if (done > length || !done || (done < 0 && errno != EAGAIN && errno != EINTR))
		wrong(in ? "write gave" : "read gave", done < 0 ? -errno : done);
	else if (done > 0)
		count_bytes(in, bytes, done);
}

static void submit(int file)
{
	struct request *request = &requests[chance(DEPTH)];
	struct iocb *iocb = &request->iocb;

	if (request->waits)
		return;
	fill_bytes(request->bytes, LARGEST);
	memset(iocb, 0, sizeof(*iocb));
	iocb->aio_fildes = file;
	iocb->aio_lio_opcode = chance(2) ? IOCB_CMD_PREAD : IOCB_CMD_PWRITE;
	iocb->aio_buf = (uintptr_t)request->bytes;
	iocb->aio_nbytes = 1 + chance(LARGEST);
	iocb->aio_data = (uintptr_t)request;
	if (syscall(SYS_io_submit, context, 1L, &iocb) != 1) {
		wrong("io_submit gave", -errno);
		return;
	}
	request->waits = true;
	total->submitted++;
}

static void cancel_one(struct request *request)
{
	struct io_event unused;

	if (!request->waits || !syscall(SYS_io_cancel, context, &request->iocb, &unused))
		return;
	/* EINVAL: it was completed already, and its event is on the way. */
	if (errno == EINPROGRESS)
		total->cancelled++;
	else if (errno != EINVAL)
		wrong("io_cancel gave", -errno);
}

static void reap(long milliseconds)
{
	struct __kernel_old_timespec limit = {
		milliseconds / 1000, milliseconds % 1000 * 1000000
	};
	struct io_event events[DEPTH];
	int got = syscall(SYS_io_getevents, context, milliseconds ? 1L : 0L, (long)DEPTH,
			  events, &limit);

	for (int i = 0; i < got; i++) {
		struct request *request = (struct request *)(uintptr_t)events[i].data;
		long long result = events[i].res;

		if (events[i].obj != (uintptr_t)&request->iocb || !request->waits) {
			wrong("an event of no request, or the second one; res", result);
			continue;
		}
		request->waits = false;
		total->completed++;
		if (result > (long long)request->iocb.aio_nbytes || !result ||
		    (result < 0 && result != -ECANCELED && result != -EAGAIN))
			wrong("res of a request", result);
		else if (result > 0)
			count_bytes(request->iocb.aio_lio_opcode == IOCB_CMD_PWRITE,
				    request->bytes, result);
	}
}

static bool waiting(void)
{
	for (int i = 0; i < DEPTH; i++) {
		if (requests[i].waits)
			return true;
	}
	return false;
}

/* Ends what is pending, and waits for all of it. */
static void finish_requests(void)
{
	long long end = probe_now() + probe_seconds * 1000000000LL;

	for (int i = 0; i < DEPTH; i++)
		cancel_one(&requests[i]);
	while (waiting() && probe_now() < end)
		reap(100);
	if (waiting())
		wrong("requests that are not completed; seconds waited", probe_seconds);
	syscall(SYS_io_destroy, context);
}

static void arm_or_disarm(int file)
{
	int flags = fcntl(file, F_GETFL);

	fcntl(file, F_SETOWN, getpid());
	fcntl(file, F_SETSIG, chance(2) ? SIGRTMIN + 5 : 0);
	fcntl(file, F_SETFL, flags ^ O_ASYNC);
}

static void take_signals(void)
{
	struct timespec none = { 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	sigaddset(&set, SIGRTMIN + 5);
	while (sigtimedwait(&set, NULL, &none) > 0)
		total->signals++;
}

/* One thing or another. */
static void act(int sleeping, int plain)
{
	struct pollfd item = { .fd = plain, .events = chance(4) };
	bool queued = probe_claims("aio=queued");

	switch (chance(10)) {
	case 0 ... 1:
		read_or_write(plain, true);
		break;
	case 2 ... 3:
		read_or_write(plain, false);
		break;
	case 4 ... 5:
		if (queued)
			submit(chance(8) ? sleeping : plain);
		break;
	case 6:
		if (queued)
			cancel_one(&requests[chance(DEPTH)]);
		break;
	case 7:
		if (probe_claims("fasync"))
			arm_or_disarm(plain);
		take_signals();
		break;
	case 8:
		close(probe_open(O_RDWR | (chance(2) ? O_NONBLOCK : 0)));
		break;
	default:
		poll(&item, 1, 0);
		break;
	}
	if (queued)
		reap(0);
}

static int be_busy(int number)
{
	int sleeping = probe_open(O_RDWR), plain = probe_open(O_RDWR | O_NONBLOCK);

	state = seed * 1000003 + number + 1;
	if (syscall(SYS_io_setup, 2 * DEPTH, &context) && probe_claims("aio=queued"))
		wrong("io_setup gave", -errno);
	while (probe_now() < stop && !total->wrong)
		act(sleeping, plain);
	finish_requests();
	return 0;
}

/* Whether a process ends in time; one that is stuck in the driver does not. */
static bool ends(pid_t child)
{
	struct pollfd item = { .events = POLLIN };
	bool ended;

	item.fd = syscall(SYS_pidfd_open, child, 0);
	ended = poll(&item, 1, 2000 * probe_seconds) == 1 && waitpid(child, NULL, 0) == child;
	close(item.fd);
	if (!ended)
		wrong("a process does not end, its id", child);
	return ended;
}

static pid_t start(int (*body)(int number), int number)
{
	pid_t child = fork();

	if (child < 0)
		ktap_bail_out("fork: %s", strerror(errno));
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		exit(body(number));
	}
	return child;
}

static void begin_part(const char *name)
{
	memset(total, 0, sizeof(*total));
	stop = probe_now() + duration * 1000000000LL / 3;
	probe_guard(name, duration + (processes + 2) * 2 * probe_seconds);
}

static bool test_bytes(void)
{
	pid_t children[MAX_PROCESSES];
	unsigned char bytes[LARGEST];
	bool ended = true;
	int plain;
	ssize_t got;

	/* Open all the time: there are devices that forget all at the last close. */
	plain = probe_open(O_RDWR | O_NONBLOCK);
	/* What somebody else has left in it is not what went in here. */
	probe_drain(plain);
	begin_part("everything at once");
	for (int i = 0; i < processes; i++)
		children[i] = start(be_busy, i);
	for (int i = 0; i < processes; i++)
		ended = ends(children[i]) && ended;
	while (ended && (got = read(plain, bytes, sizeof(bytes))) > 0)
		count_bytes(false, bytes, got);
	close(plain);
	ktap_note("%ld bytes in, %ld out; %ld signals", total->bytes_in, total->bytes_out,
		  total->signals);
	ktap_note("%ld requests, %ld completed, %ld of them cancelled", total->submitted,
		  total->completed, total->cancelled);
	return ended && !total->wrong && total->submitted == total->completed &&
	       total->bytes_in == total->bytes_out && total->sum_in == total->sum_out;
}

/* The bytes of one writer, in the order of a sequence that everybody knows. */
static int write_sequence(int number)
{
	int plain = probe_open(O_RDWR | O_NONBLOCK);
	unsigned char bytes[LARGEST];
	long next = 0;

	state = seed * 7919 + number + 1;
	while (probe_now() < stop && !total->wrong) {
		struct pollfd item = { .fd = plain, .events = POLLOUT };
		long length = 1 + chance(LARGEST);
		ssize_t done;

		for (long i = 0; i < length; i++)
			bytes[i] = (next + i) % 251;
		done = write(plain, bytes, length);
		if (done > 0)
			next += done;
		else
			poll(&item, 1, 1);
	}
	total->bytes_in = next;
	return 0;
}

/* Reads what is there: the next bytes of the sequence, and no others. */
static long read_sequence(int plain, long next)
{
	unsigned char bytes[LARGEST];
	ssize_t got;

	while (!total->wrong && (got = read(plain, bytes, 1 + chance(LARGEST))) > 0) {
		for (ssize_t i = 0; i < got; i++, next++) {
			if (bytes[i] != next % 251)
				wrong("a byte is not the next one, but that after", next);
		}
	}
	return next;
}

static bool test_order(void)
{
	int plain = probe_open(O_RDWR | O_NONBLOCK);
	long next = 0;
	pid_t writer;
	bool ended;

	probe_drain(plain);
	begin_part("one writer and one reader");
	state = seed * 104729 + 1;
	writer = start(write_sequence, 0);
	while (probe_now() < stop && !total->wrong)
		next = read_sequence(plain, next);
	ended = ends(writer);
	next = read_sequence(plain, next);
	close(plain);
	ktap_note("%ld bytes in order of %ld", next, total->bytes_in);
	return ended && !total->wrong && next == total->bytes_in;
}

static bool works(void)
{
	int plain = probe_open(O_RDWR | O_NONBLOCK);
	char bytes[8];
	bool right;

	probe_drain(plain);
	right = write(plain, "as new", 6) == 6 && read(plain, bytes, sizeof(bytes)) == 6 &&
		!memcmp(bytes, "as new", 6);
	close(plain);
	if (!right)
		ktap_note("afterwards, what is written does not come back");
	return right;
}

static bool test_ends(void)
{
	pid_t children[MAX_PROCESSES];
	bool ended = true;
	long long end;

	begin_part("processes are killed");
	state = seed * 15485863 + 1;
	end = stop;
	/* They would go on; that is for the signal to end. */
	stop += 1000 * 1000000000LL;
	for (int i = 0; i < processes; i++)
		children[i] = start(be_busy, i);
	while (ended && probe_now() < end) {
		int victim = chance(processes);

		poll(NULL, 0, chance(30));
		kill(children[victim], SIGKILL);
		ended = ends(children[victim]);
		total->killed++;
		children[victim] = start(be_busy, victim);
	}
	for (int i = 0; i < processes; i++) {
		kill(children[i], SIGKILL);
		ended = ends(children[i]) && ended;
	}
	ktap_note("%ld processes killed among %ld requests", total->killed, total->submitted);
	return ended && !total->wrong && works();
}

int main(int argc, char **argv)
{
	const struct probe_option own[] = {
		PROBE_NUMBER("duration", duration, 1, 86400, "seconds that all of it takes"),
		PROBE_NUMBER("processes", processes, 1, MAX_PROCESSES, "how many at a time"),
		PROBE_NUMBER("seed", seed, 0, 2147483647, "0 takes one from the clock"),
		{ 0 }
	};
	static const struct probe_test tests[] = {
		{ "everything at once: each request completed once, each byte out once", test_bytes,
		  NULL },
		{ "one writer and one reader: all bytes in their order", test_order, NULL },
		{ "processes are killed: all end, and the device works", test_ends, NULL },
	};
	sigset_t blocked;

	/* That nothing happens for so long is wrong even on a busy machine. */
	probe_seconds = 30;
	probe_options(argc, argv, "does a device keep its promises under stress?", own);
	if (!seed)
		seed = probe_now() % 2147483647 + 1;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGIO);
	sigaddset(&blocked, SIGRTMIN + 5);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	total = mmap(NULL, sizeof(*total), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	if (total == MAP_FAILED)
		ktap_bail_out("mmap: %s", strerror(errno));
	ktap_plan(PROBE_COUNT(tests));
	ktap_note("--seed %ld", seed);
	probe_run(tests, PROBE_COUNT(tests), NULL, NULL);
	return ktap_finish();
}
