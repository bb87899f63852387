// SPDX-License-Identifier: GPL-2.0
/*
 * Does a device that becomes ready by itself tell so, and does it lose nothing
 * without a word?
 *
 * Nothing is written here: the samples come, and each has its time and its
 * number. A number that is missing must be accounted for in the sample that
 * follows. While this program is the only reader, the two always agree.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/time_types.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../sampler_uapi.h"
#include "probe.h"

#define SECOND		1000000000LL
#define SAMPLE		sizeof(struct sampler_sample)
#define MANY		1024
#define MAX_DEPTH	32

static long rate = 100;
static long ring = 64;
static long count = 50;
static long depth = 8;
static int rt_signal;
static int fd;			/* may sleep */
static int plain;		/* O_NONBLOCK */
static aio_context_t context;
static struct iocb requests[MAX_DEPTH];
static struct sampler_sample samples[MANY];
static struct sampler_sample received[MAX_DEPTH];

static void wait_periods(long periods)
{
	long long nanos = periods * SECOND / rate;
	struct timespec time = { nanos / SECOND, nanos % SECOND };

	while (nanosleep(&time, &time) && errno == EINTR)
		;
}

/* Whether samples that were read one after another account for each other. */
static bool account(const struct sampler_sample *first, long n)
{
	for (long i = 1; i < n; i++) {
		const struct sampler_sample *one = first + i;
		long long missing = one->sequence - one[-1].sequence - 1;

		if (missing != one->lost) {
			ktap_note("between %llu and %llu there are %lld, and %u are told of",
				  (unsigned long long)one[-1].sequence,
				  (unsigned long long)one->sequence, missing,
				  one->lost);
			return false;
		}
		if (one->time <= one[-1].time) {
			ktap_note("sample %llu is not later than the one before",
				  (unsigned long long)one->sequence);
			return false;
		}
	}
	return true;
}

/* Reads samples until there are so many. */
static bool collect(long n)
{
	for (long have = 0; have < n;) {
		ssize_t got = read(fd, samples + have, (n - have) * SAMPLE);

		if (got <= 0 || got % SAMPLE) {
			ktap_note("read: %zd (%s)", got, strerror(errno));
			return false;
		}
		have += got / SAMPLE;
	}
	return true;
}

/*
 * Whether samples come at a rate. A machine that is busy takes one late, but
 * numbers them as if it had not: the longer it is looked at, the less a late one
 * at the end counts.
 */
static bool has_rate(const char *name, long wanted)
{
	long long end = probe_now() + probe_seconds * SECOND;
	struct sampler_sample first;
	double measured;

	if (!collect(1))
		return false;
	first = samples[0];
	do {
		const struct sampler_sample *last = &samples[count - 1];

		if (!collect(count) || !account(samples, count))
			return false;
		measured = (last->sequence - first.sequence) * 1e9 /
			   (last->time - first.time);
	} while ((measured < wanted * 0.9 || measured > wanted * 1.1) && probe_now() < end);
	ktap_measure(name, measured, "1/s");
	return measured > wanted * 0.9 && measured < wanted * 1.1;
}

static bool test_rate(void)
{
	return has_rate("rate", rate);
}

/* How often a test is tried when a sample came just where none should be. */
#define TRIES	100

/*
 * Until there have to be so many samples in the ring. On a machine that is busy,
 * moments may have passed without one: what is too few is read, and then it is
 * tried again with more patience.
 */
static ssize_t read_after(long periods, int file, void *to, size_t length, ssize_t wanted)
{
	long long end = probe_now() + probe_seconds * SECOND;
	ssize_t got;

	do {
		probe_drain(plain);
		wait_periods(periods);
		got = read(file, to, length);
		periods *= 2;
	} while (got >= 0 && got < wanted && probe_now() < end);
	return got;
}

static bool test_sleep(void)
{
	for (int i = 0; i < TRIES; i++) {
		long long before;

		probe_drain(plain);
		before = probe_now();
		if (read(fd, samples, SAMPLE) != SAMPLE)
			return false;
		/* Taken while the program slept, not before. */
		if ((long long)samples[0].time < before)
			continue;
		ktap_measure("age", (probe_now() - samples[0].time) / 1e3, "us");
		return true;
	}
	return false;
}

static bool test_whole(void)
{
	char buffer[3 * SAMPLE - 1];
	ssize_t got;

	if (read(fd, buffer, SAMPLE - 1) != -1 || errno != EINVAL) {
		ktap_note("a read of %zu bytes is not refused with EINVAL", SAMPLE - 1);
		return false;
	}
	got = read_after(4, fd, buffer, sizeof(buffer), 2 * SAMPLE);
	if (got == 2 * SAMPLE)
		return true;
	ktap_note("a read of %zu bytes gave %zd, not %zu", sizeof(buffer), got, 2 * SAMPLE);
	return false;
}

static bool test_vector(void)
{
	struct sampler_sample two[2];
	struct iovec parts[] = {
		{ two, 5 },
		{ (char *)two + 5, SAMPLE },
		{ (char *)two + 5 + SAMPLE, SAMPLE - 5 },
	};
	ssize_t got = SAMPLE;

	/* On a machine that is busy there may be only one. */
	for (int i = 0; i < TRIES && got == SAMPLE; i++) {
		wait_periods(3);
		got = readv(fd, parts, 3);
	}
	return got == 2 * SAMPLE && account(two, 2);
}

static bool test_nonblock(void)
{
	struct iovec part = { samples, SAMPLE };
	ssize_t got = 0;

	/* That O_NONBLOCK answers EAGAIN is how the device is drained. */
	for (int i = 0; i < TRIES && got >= 0; i++) {
		probe_drain(plain);
		got = preadv2(fd, &part, 1, -1, RWF_NOWAIT);
	}
	if (got < 0 && errno == EAGAIN)
		return true;
	ktap_note("RWF_NOWAIT: an empty device gives %zd (%s)", got, strerror(errno));
	return false;
}

static bool test_bad_memory(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *gone = mmap(NULL, page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool refused;

	if (gone == MAP_FAILED)
		ktap_bail_out("mmap: %s", strerror(errno));
	munmap(gone, page);
	if (!collect(1))
		return false;
	refused = read(fd, gone, SAMPLE) == -1 && errno == EFAULT;
	/* What could not be delivered is still there. */
	samples[MANY - 1] = samples[0];
	if (!refused || read(fd, samples, SAMPLE) != SAMPLE)
		return false;
	return samples[0].sequence == samples[MANY - 1].sequence + 1 + samples[0].lost;
}

/* Nobody reads until the ring is full; what is lost then is told. */
static bool test_overrun(void)
{
	const ssize_t full = ring * SAMPLE;
	bool said = false;
	ssize_t got;
	long have;

	got = read_after(ring + ring / 4 + 2, plain, samples, sizeof(samples), full);
	if (got != full) {
		ktap_note("the full ring gave %zd bytes, not those of %ld samples", got, ring);
		return false;
	}
	if (read(fd, samples + ring, SAMPLE) != SAMPLE)
		return false;
	have = ring + 1;
	for (long i = 1; i < have; i++)
		said = said || samples[i].lost;
	ktap_measure("lost", samples[ring].lost, "samples");
	if (!said)
		ktap_note("no sample says that others were lost");
	return said && account(samples, have);
}

/* With the device open once, its end stops it: the next open begins anew. */
static bool test_restart(void)
{
	long long opened;

	close(plain);
	close(fd);
	wait_periods(5);
	opened = probe_now();
	fd = probe_open(O_RDONLY);
	plain = probe_open(O_RDONLY | O_NONBLOCK);
	if (read(fd, samples, SAMPLE) != SAMPLE)
		return false;
	ktap_note("first sample: number %llu, %lld us after open",
		  (unsigned long long)samples[0].sequence,
		  ((long long)samples[0].time - opened) / 1000);
	return !samples[0].sequence && !samples[0].lost &&
	       (long long)samples[0].time > opened;
}

static bool test_poll(void)
{
	struct pollfd item = { .fd = fd, .events = POLLIN | POLLOUT };
	int empty = 0, ready;

	/* A sample may come between the two: then it is tried again. */
	for (int i = 0; i < TRIES; i++) {
		probe_drain(plain);
		empty = poll(&item, 1, 0);
		if (!empty)
			break;
	}
	ready = poll(&item, 1, probe_seconds * 1000);
	if (empty)
		ktap_note("an empty device is readable");
	if (ready != 1 || item.revents != POLLIN)
		ktap_note("poll gave %d, revents %#x", ready, item.revents);
	return !empty && ready == 1 && item.revents == POLLIN &&
	       read(plain, samples, SAMPLE) == SAMPLE;
}

static bool arm(int file)
{
	int flags = fcntl(file, F_GETFL);

	if (fcntl(file, F_SETOWN, getpid()) || fcntl(file, F_SETSIG, rt_signal) ||
	    fcntl(file, F_SETFL, flags | O_ASYNC))
		ktap_bail_out("F_SETOWN, F_SETSIG, F_SETFL: %s", strerror(errno));
	return fcntl(file, F_GETFL) & O_ASYNC;
}

static void disarm(int file)
{
	fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_ASYNC);
}

static int next_signal(siginfo_t *info, long long nanos)
{
	struct timespec limit = { nanos / SECOND, nanos % SECOND };
	sigset_t set;
	int got;

	sigemptyset(&set);
	sigaddset(&set, rt_signal);
	sigaddset(&set, SIGIO);
	do {
		got = sigtimedwait(&set, info, &limit);
	} while (got < 0 && errno == EINTR);
	return got < 0 ? 0 : got;
}

static void forget_signals(void)
{
	siginfo_t info;

	while (next_signal(&info, 0))
		;
}

static bool test_signal(void)
{
	siginfo_t info = { 0 };
	bool right;
	int got;

	if (!arm(fd)) {
		ktap_note("O_ASYNC was not kept: the driver has no .fasync");
		return false;
	}
	got = next_signal(&info, probe_seconds * SECOND);
	disarm(fd);
	forget_signals();
	ktap_note("signal %d, si_code %d, si_fd %d of %d, si_band %#lx", got, info.si_code,
		  info.si_fd, fd, (unsigned long)info.si_band);
	right = got == rt_signal && info.si_code == POLL_IN && info.si_fd == fd &&
		info.si_band & POLLIN && !(info.si_band & POLLOUT);
	/*
	 * Not a read that must find something: the signal may have been that of
	 * a sample which was read before it came.
	 */
	return right && collect(1);
}

/* Those that are taken while O_ASYNC is set or cleared may be signalled or not. */
struct span {
	long long sure_from, sure_to;	/* within it, each is signalled */
	long long from, to;		/* outside of it, none is */
};

static long taken_between(long have, long long from, long long to)
{
	long taken = 0;

	for (long i = 0; i < have; i++)
		taken += (long long)samples[i].time >= from && (long long)samples[i].time <= to;
	return taken;
}

/* Whoever is told reads until EAGAIN, and so gets each sample. */
static bool test_signals(void)
{
	long have = 0, signals = 0, least, most;
	struct span armed;
	siginfo_t info;
	ssize_t got;

	probe_drain(plain);
	forget_signals();
	armed.from = probe_now();
	arm(fd);
	armed.sure_from = probe_now();
	while (have < count) {
		if (next_signal(&info, probe_seconds * SECOND) != rt_signal) {
			ktap_note("no signal within %ld s", probe_seconds);
			break;
		}
		signals++;
		got = read(plain, samples + have, (MANY - have) * SAMPLE);
		if (got > 0)
			have += got / SAMPLE;
	}
	armed.sure_to = probe_now();
	disarm(fd);
	armed.to = probe_now();
	while (next_signal(&info, 0))
		signals++;
	/* Those that were signalled and not read yet are among these. */
	while ((got = read(plain, samples + have, (MANY - have) * SAMPLE)) > 0)
		have += got / SAMPLE;
	least = taken_between(have, armed.sure_from, armed.sure_to);
	most = taken_between(have, armed.from, armed.to);
	ktap_measure("samples", most, "samples");
	ktap_measure("signals", signals, "signals");
	if (have < count || !account(samples, have))
		return false;
	/*
	 * An interrupt signals each sample; a work item may be late for some. One
	 * more or less: what is taken, and told of a moment later.
	 */
	if (probe_claims("signal=work"))
		return signals && signals <= most + 1;
	return signals >= least - 1 && signals <= most + 1;
}

static bool test_silence(void)
{
	siginfo_t info;
	int other;
	bool heard;

	other = probe_open(O_RDONLY | O_NONBLOCK);
	arm(other);
	heard = next_signal(&info, probe_seconds * SECOND);
	if (!heard)
		ktap_note("no signal while it was open");
	close(other);
	forget_signals();
	if (next_signal(&info, 10 * SECOND / rate)) {
		ktap_note("signal %d came after close", info.si_signo);
		return false;
	}
	arm(fd);
	disarm(fd);
	forget_signals();
	if (next_signal(&info, 10 * SECOND / rate)) {
		ktap_note("signal %d came with O_ASYNC off", info.si_signo);
		return false;
	}
	return heard;
}

#ifdef SAMPLER_IOC_SET_RATE
static bool refused(unsigned long command, void *value, int error)
{
	if (ioctl(fd, command, value) == -1 && errno == error)
		return true;
	ktap_note("an ioctl that is wrong is not answered by %s", strerror(error));
	return false;
}

static bool test_change_rate(void)
{
	__u32 none = 0, much = 10001, fast = 500, now = 0, before = 0;
	bool right;

	if (ioctl(fd, SAMPLER_IOC_GET_RATE, &before) || before != rate)
		return false;
	if (!refused(SAMPLER_IOC_SET_RATE, &none, EINVAL) ||
	    !refused(SAMPLER_IOC_SET_RATE, &much, EINVAL) ||
	    !refused(SAMPLER_IOC_SET_RATE, (void *)1, EFAULT) ||
	    !refused(0xF3FF, &none, ENOTTY) ||
	    ioctl(fd, SAMPLER_IOC_SET_RATE, &fast) ||
	    ioctl(fd, SAMPLER_IOC_GET_RATE, &now) || now != fast)
		return false;
	probe_drain(plain);
	right = has_rate("faster", fast);
	return !ioctl(fd, SAMPLER_IOC_SET_RATE, &before) && right;
}

static bool test_stats(void)
{
	long long end = probe_now() + probe_seconds * SECOND;
	struct sampler_stats before, after;

	if (ioctl(fd, SAMPLER_IOC_GET_STATS, &before))
		return false;
	/* What an interrupt that is late will say is not known yet. */
	do {
		wait_periods(ring + ring / 4 + 2);
		if (ioctl(fd, SAMPLER_IOC_GET_STATS, &after))
			return false;
	} while (after.lost == before.lost && probe_now() < end);
	ktap_measure("taken", after.taken, "samples");
	ktap_measure("not_taken", after.lost, "samples");
	return after.taken >= before.taken && after.taken - before.taken <= (__u64)ring &&
	       after.lost > before.lost;
}
#endif

static void begin_context(void)
{
	context = 0;
	if (syscall(SYS_io_setup, MAX_DEPTH, &context))
		ktap_bail_out("io_setup: %s", strerror(errno));
}

static bool submit_read(int number, void *buffer, size_t length)
{
	struct iocb *request = &requests[number];

	memset(request, 0, sizeof(*request));
	request->aio_fildes = fd;
	request->aio_lio_opcode = IOCB_CMD_PREAD;
	request->aio_buf = (uintptr_t)buffer;
	request->aio_nbytes = length;
	if (syscall(SYS_io_submit, context, 1L, &request) == 1)
		return true;
	ktap_note("io_submit: %s", strerror(errno));
	return false;
}

static long completed(struct io_event *events, long least, long most, long seconds)
{
	struct __kernel_old_timespec limit = { seconds, 0 };

	return syscall(SYS_io_getevents, context, least, most, events, &limit);
}

/* A slow device: what is submitted now is completed when its sample has come. */
static void slow_down(bool slow)
{
#ifdef SAMPLER_IOC_SET_RATE
	__u32 wanted = slow ? 2 : rate;

	if (ioctl(fd, SAMPLER_IOC_SET_RATE, &wanted))
		ktap_bail_out("a rate of %u is refused: %s", wanted, strerror(errno));
#else
	(void)slow;
#endif
	probe_drain(plain);
}

/* Which request it is that was completed, or -1. */
static long number_of(const struct io_event *event)
{
	for (long i = 0; i < depth; i++) {
		if (event->obj == (uintptr_t)&requests[i])
			return i;
	}
	return -1;
}

static bool test_requests(void)
{
	struct io_event events[MAX_DEPTH];
	bool seen[MAX_DEPTH] = { false };

	for (int i = 0; i < depth; i++) {
		if (!submit_read(i, &received[i], SAMPLE))
			return false;
	}
	if (completed(events, depth, depth, probe_seconds) != depth) {
		ktap_note("not all are complete within %ld s", probe_seconds);
		return false;
	}
	for (int i = 0; i < depth; i++) {
		long number = number_of(&events[i]);

		if (number < 0 || seen[number] || events[i].res != SAMPLE) {
			ktap_note("event %d, of read %ld, is wrong or the second one: res %lld", i,
				  number, (long long)events[i].res);
			return false;
		}
		seen[number] = true;
	}
	return account(received, depth);
}

static bool test_request_small(void)
{
	struct io_event event;

	return submit_read(0, received, SAMPLE - 1) &&
	       completed(&event, 1, 1, probe_seconds) == 1 && event.res == -EINVAL;
}

/* Where the device has one rate only, a sample may come first: then again. */
static bool test_cancel(void)
{
	struct io_event event;
	int ret = -1;

	slow_down(true);
	errno = EINVAL;
	for (int i = 0; i < TRIES && ret == -1 && errno == EINVAL; i++) {
		completed(&event, 0, 1, 0);
		probe_drain(plain);
		if (!submit_read(0, received, SAMPLE))
			return false;
		ret = syscall(SYS_io_cancel, context, &requests[0], &event);
	}
	if (ret != -1 || errno != EINPROGRESS)
		ktap_note("io_cancel gave %d (%s)", ret, strerror(errno));
	ret = ret == -1 && errno == EINPROGRESS &&
	      completed(&event, 1, 1, probe_seconds) == 1 && event.res == -ECANCELED;
	slow_down(false);
	return ret;
}

/* The memory of one goes away while it waits; the other must not suffer. */
static bool test_request_bad_memory(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *gone = mmap(NULL, page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct io_event events[2] = { { .res = SAMPLE } };
	bool right = true;

	if (gone == MAP_FAILED)
		ktap_bail_out("mmap: %s", strerror(errno));
	for (int i = 0; i < TRIES && right && events[0].res == SAMPLE; i++) {
		mprotect(gone, page, PROT_READ | PROT_WRITE);
		slow_down(true);
		right = submit_read(0, gone, SAMPLE) && submit_read(1, &received[1], SAMPLE);
		mprotect(gone, page, PROT_NONE);
		slow_down(false);
		right = right && completed(events, 2, 2, probe_seconds) == 2;
	}
	munmap(gone, page);
	return right && events[0].res == -EFAULT && events[1].res == SAMPLE;
}

/* A child leaves requests behind: one way or the other, it has to end. */
static bool test_kill(void)
{
	for (int killed = 0; killed < 2; killed++) {
		int ready[2], status;
		char byte;
		pid_t child;

		if (pipe(ready))
			ktap_bail_out("pipe: %s", strerror(errno));
		child = fork();
		if (child < 0)
			ktap_bail_out("fork: %s", strerror(errno));
		if (!child) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			begin_context();
			for (int i = 0; i < depth; i++)
				submit_read(i, &received[i], SAMPLE);
			if (write(ready[1], "", 1) != 1 || !killed)
				_exit(0);
			while (true)
				pause();
		}
		close(ready[1]);
		if (read(ready[0], &byte, 1) != 1)
			ktap_note("the child did not submit");
		close(ready[0]);
		if (killed)
			kill(child, SIGKILL);
		if (waitpid(child, &status, 0) != child ||
		    status != (killed ? SIGKILL : 0)) {
			ktap_note("the child ended with status %#x", status);
			return false;
		}
	}
	return collect(1);
}

static bool test_kill_reader(void)
{
	int status;
	pid_t child = fork();

	if (child < 0)
		ktap_bail_out("fork: %s", strerror(errno));
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (read(fd, samples, SAMPLE) > 0)
			;
		_exit(3);
	}
	wait_periods(10);
	kill(child, SIGKILL);
	return waitpid(child, &status, 0) == child && status == SIGKILL && collect(1);
}

static const struct probe_test tests[] = {
	{ "samples come by themselves, at the rate", test_rate, NULL },
	{ "read sleeps until there is a sample", test_sleep, NULL },
	{ "read returns whole samples, EINVAL when none fits", test_whole, NULL },
	{ "readv: samples across segments", test_vector, NULL },
	{ "O_NONBLOCK and RWF_NOWAIT: EAGAIN", test_nonblock, NULL },
	{ "EFAULT: the sample is not lost", test_bad_memory, NULL },
	{ "overrun: what is lost is told", test_overrun, NULL },
	{ "the last close stops it, the next open begins anew", test_restart, NULL },
	{ "SIGKILL of a sleeping reader", test_kill_reader, NULL },
	{ "poll: not ready, then ready", test_poll, "poll" },
	{ "F_SETSIG: POLL_IN of this file", test_signal, "fasync" },
	{ "signals: all samples are heard of", test_signals, "fasync" },
	{ "close and O_ASYNC off: no more signals", test_silence, "fasync" },
#ifdef SAMPLER_IOC_SET_RATE
	{ "ioctl: another rate", test_change_rate, "ioctl" },
	{ "ioctl: what was taken and lost", test_stats, "ioctl" },
#endif
	{ "AIO: reads wait for samples and get them in order", test_requests, "aio=queued" },
	{ "AIO: EINVAL when no sample fits", test_request_small, "aio=queued" },
	{ "AIO: io_cancel", test_cancel, "aio=queued" },
	{ "AIO: EFAULT harms its own request only", test_request_bad_memory, "aio=queued" },
	{ "AIO: exit and SIGKILL with requests pending", test_kill, "aio=queued" },
};

static void before(void)
{
	probe_drain(plain);
	if (probe_claims("aio=queued"))
		begin_context();
}

static bool after(void)
{
	if (probe_claims("aio=queued") && syscall(SYS_io_destroy, context)) {
		ktap_note("io_destroy: %s", strerror(errno));
		return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	long signal_number = SIGRTMIN + 5;
	const struct probe_option options[] = {
		PROBE_NUMBER("rate", rate, 1, 10000, "samples per second, the module's"),
		PROBE_NUMBER("size", ring, 1, MANY - 1, "samples in the ring, the module's"),
		PROBE_NUMBER("count", count, 2, MANY / 2, "samples where there are many"),
		PROBE_NUMBER("depth", depth, 2, MAX_DEPTH, "requests at a time"),
		PROBE_NUMBER("signal", signal_number, SIGRTMIN, SIGRTMAX, "real-time signal"),
		{ 0 }
	};
	sigset_t blocked;

	probe_options(argc, argv, "does a device that samples lose nothing unsaid?", options);
	rt_signal = signal_number;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGIO);
	sigaddset(&blocked, rt_signal);
	sigprocmask(SIG_BLOCK, &blocked, NULL);

	ktap_plan(PROBE_COUNT(tests));
	fd = probe_open(O_RDONLY);
	plain = probe_open(O_RDONLY | O_NONBLOCK);
	probe_run(tests, PROBE_COUNT(tests), before, after);
	return ktap_finish();
}
