// SPDX-License-Identifier: GPL-2.0
/*
 * sigio: does a device tell its readers and writers that it is ready?
 *
 * A program takes three steps, and this probe takes them one by one:
 *
 *   1 fcntl(fd, F_SETOWN, getpid())   the signals of this file are for me
 *   2 fcntl(fd, F_SETFL, O_ASYNC)     send them (the driver's .fasync runs)
 *   3 catch the signal                here with sigaction() and sigtimedwait()
 *
 * Plain SIGIO says only that some file is ready, and any number of them that
 * come before the first is taken count as one. F_SETSIG with a real-time signal
 * gives one signal per event, with the file and the reason in it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"
#include "probe.h"

/* How long to listen when nothing may come. */
#define SILENCE_NS	100000000L
#define MAX_SIZE	65536

static const char *device = "/dev/globalfifo";
static const char *features = "@FEATURES@";
static long count = 32;
static long size = 1;
static long seconds = 5;
static int rt_signal;
static const char *stopped;	/* why nothing further can be tested */
static int fd;
static char buffer[MAX_SIZE];

static atomic_int handled;
static atomic_int handled_signal;

static void on_signal(int signal_number)
{
	handled_signal = signal_number;
	handled++;
}

/* Whether the driver was generated with a feature. */
static bool claims(const char *feature)
{
	return probe_claims(features, feature);
}

static int open_device(void)
{
	int file = open(device, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (file < 0)
		ktap_bail_out("%s cannot be opened: %s", device,
			      strerror(errno));
	return file;
}

static void drain(void)
{
	ssize_t got;

	do {
		got = read(fd, buffer, sizeof(buffer));
	} while (got > 0);
	if (!got || errno != EAGAIN)
		ktap_bail_out("%s: read until empty ended with %s", device,
			      got ? strerror(errno) : "end of file");
}

/* One write; makes room first when there is none. */
static void write_once(void)
{
	ssize_t put = write(fd, buffer, size);

	if (put < 0 && errno == EAGAIN) {
		drain();
		put = write(fd, buffer, size);
	}
	if (put <= 0)
		ktap_bail_out("%s: write of %ld bytes: %s", device, size,
			      put ? strerror(errno) : "nothing was written");
}

static void set_signal(int signal_number)
{
	if (fcntl(fd, F_SETSIG, signal_number))
		ktap_bail_out("%s: F_SETSIG %d: %s", device, signal_number,
			      strerror(errno));
}

/* The first two steps; false when the driver ignores the second. */
static bool arm(int file)
{
	int flags = fcntl(file, F_GETFL);

	if (fcntl(file, F_SETOWN, getpid()))
		ktap_bail_out("%s: F_SETOWN: %s", device, strerror(errno));
	if (flags < 0 || fcntl(file, F_SETFL, flags | O_ASYNC))
		ktap_bail_out("%s: F_SETFL: %s", device, strerror(errno));
	/* A driver without .fasync is no error for the kernel: look. */
	return fcntl(file, F_GETFL) & O_ASYNC;
}

static bool disarm(int file)
{
	int flags = fcntl(file, F_GETFL);

	if (flags < 0 || fcntl(file, F_SETFL, flags & ~O_ASYNC))
		ktap_bail_out("%s: F_SETFL: %s", device, strerror(errno));
	return !(fcntl(file, F_GETFL) & O_ASYNC);
}

/* The next SIGIO or real-time signal; 0 when none came in time. */
static int next_signal(siginfo_t *info, time_t secs, long nanos)
{
	struct timespec limit = { .tv_sec = secs, .tv_nsec = nanos };
	sigset_t set;
	int got;

	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	sigaddset(&set, rt_signal);
	do {
		got = sigtimedwait(&set, info, &limit);
	} while (got < 0 && errno == EINTR);
	return got < 0 ? 0 : got;
}

static unsigned int forget_signals(void)
{
	unsigned int forgotten = 0;
	siginfo_t info;

	while (next_signal(&info, 0, 0))
		forgotten++;
	return forgotten;
}

/* Begins a test on an empty device with nothing pending. */
static void begin(void)
{
	drain();
	forget_signals();
}

static bool needs(const char *test, const char *feature)
{
	if (stopped) {
		ktap_skip(test, stopped);
		return false;
	}
	if (!claims(feature)) {
		char reason[64];

		snprintf(reason, sizeof(reason), "generated without %s",
			 feature);
		ktap_skip(test, reason);
		return false;
	}
	return true;
}

static void test_arm(void)
{
	const char *test = "steps 1 and 2: O_ASYNC is set and stays set";
	bool armed, owned;

	if (!needs(test, "fasync")) {
		stopped = stopped ? stopped : "generated without fasync";
		return;
	}
	armed = arm(fd);
	owned = fcntl(fd, F_GETOWN) == getpid();
	if (!owned)
		ktap_note("F_GETOWN does not give this process back");
	if (!armed) {
		ktap_note("O_ASYNC was not kept: the driver has no .fasync");
		stopped = "O_ASYNC is not set";
	}
	ktap_result(armed && owned, test);
}

static void test_handler(void)
{
	const char *test = "step 3: one write, and the handler of SIGIO runs";
	struct sigaction action = { .sa_handler = on_signal };
	struct timespec limit = { .tv_sec = seconds };
	sigset_t open_mask;

	if (!needs(test, "fasync"))
		return;
	begin();
	set_signal(0);
	sigaction(SIGIO, &action, NULL);
	handled = 0;
	write_once();
	/* SIGIO is blocked but for the time of this call: it cannot be missed. */
	sigprocmask(SIG_SETMASK, NULL, &open_mask);
	sigdelset(&open_mask, SIGIO);
	ppoll(NULL, 0, &limit, &open_mask);
	if (handled)
		ktap_note("received signal %d (%s)", handled_signal,
			  strsignal(handled_signal));
	else
		ktap_note("no signal within %ld s", seconds);
	ktap_result(handled == 1 && handled_signal == SIGIO, test);
}

static void test_one_event(void)
{
	const char *test = "F_SETSIG: one write gives one POLL_IN of this file";
	siginfo_t info = { 0 };
	bool right;
	int got;

	if (!needs(test, "fasync"))
		return;
	begin();
	set_signal(rt_signal);
	write_once();
	got = next_signal(&info, seconds, 0);
	right = got == rt_signal && info.si_code == POLL_IN &&
		info.si_fd == fd && info.si_band & POLLIN &&
		!(info.si_band & POLLOUT);
	if (got)
		ktap_note("signal %d, si_code %d, si_fd %d of %d, si_band %#lx",
			  got, info.si_code, info.si_fd, fd,
			  (unsigned long)info.si_band);
	else
		ktap_note("no signal within %ld s", seconds);
	if (next_signal(&info, 0, SILENCE_NS)) {
		ktap_note("a second signal, si_band %#lx, came after it",
			  (unsigned long)info.si_band);
		right = false;
	}
	ktap_result(right, test);
}

static void test_every_event(void)
{
	const char *test = "F_SETSIG: each of many writes gives its signal";
	long in = 0, out = 0, plain = 0;
	siginfo_t info;
	int got;

	if (!needs(test, "fasync"))
		return;
	begin();
	set_signal(rt_signal);
	for (long i = 0; i < count; i++)
		write_once();
	while (in < count && (got = next_signal(&info, seconds, 0))) {
		in += got == rt_signal && info.si_code == POLL_IN;
		out += got == rt_signal && info.si_code == POLL_OUT;
		plain += got == SIGIO;
	}
	while ((got = next_signal(&info, 0, SILENCE_NS)))
		in += got == rt_signal && info.si_code == POLL_IN;
	ktap_note("%ld writes: %ld POLL_IN, %ld POLL_OUT", count, in, out);
	if (plain)
		ktap_note("the signal queue overflowed %ld times", plain);
	ktap_result(in == count && !plain, test);
}

static void test_coalescing(void)
{
	const char *test = "plain SIGIO: many writes before the first is taken";
	unsigned int pending;

	if (!needs(test, "fasync"))
		return;
	begin();
	set_signal(0);
	for (long i = 0; i < count; i++)
		write_once();
	pending = forget_signals();
	ktap_note("%ld writes while it was blocked left %u SIGIO pending",
		  count, pending);
	ktap_result(pending == 1, test);
}

static void test_writable(void)
{
	const char *test = "POLL_OUT: a read that made room signals writers";
	siginfo_t info = { 0 };
	bool right;

	if (!needs(test, "pollout"))
		return;
	begin();
	set_signal(rt_signal);
	write_once();
	if (!next_signal(&info, seconds, 0))
		ktap_note("the write before it gave no signal");
	if (read(fd, buffer, sizeof(buffer)) <= 0)
		ktap_bail_out("%s: what was written cannot be read", device);
	right = next_signal(&info, seconds, 0) == rt_signal &&
		info.si_code == POLL_OUT && info.si_fd == fd &&
		info.si_band & POLLOUT;
	if (!right)
		ktap_note("no POLL_OUT within %ld s", seconds);
	ktap_result(right, test);
}

static void test_disarmed(void)
{
	const char *test = "O_ASYNC off: a write gives no signal";
	siginfo_t info;
	bool off, silent;

	if (!needs(test, "fasync"))
		return;
	begin();
	set_signal(rt_signal);
	off = disarm(fd);
	if (!off)
		ktap_note("O_ASYNC is still set");
	write_once();
	silent = !next_signal(&info, 0, SILENCE_NS);
	if (!silent)
		ktap_note("signal %d came", info.si_signo);
	ktap_result(off && silent, test);
}

static void test_closed(void)
{
	const char *test = "close: a closed file gets no more signals";
	bool heard, silent;
	siginfo_t info;
	int other;

	if (!needs(test, "fasync"))
		return;
	begin();
	other = open_device();
	arm(other);
	write_once();
	/* Without this, silence would prove nothing. */
	heard = next_signal(&info, seconds, 0);
	if (!heard)
		ktap_note("the second file got no signal while it was open");
	close(other);
	begin();
	write_once();
	silent = !next_signal(&info, 0, SILENCE_NS);
	if (!silent)
		ktap_note("signal %d came: it is still on the driver's list",
			  info.si_signo);
	ktap_result(heard && silent, test);
}

static void test_poll(void)
{
	const char *test = "poll agrees with the signals";
	struct pollfd item = { .fd = fd, .events = POLLIN | POLLOUT };
	int empty, filled;

	if (!claims("poll")) {
		ktap_skip(test, "generated without poll");
		return;
	}
	begin();
	poll(&item, 1, 0);
	empty = item.revents;
	write_once();
	poll(&item, 1, seconds * 1000);
	filled = item.revents;
	ktap_note("empty: revents %#x, after a write: %#x", empty, filled);
	ktap_result(!(empty & POLLIN) && empty & POLLOUT && filled & POLLIN,
		    test);
}

static void test_would_block(void)
{
	ssize_t got;
	int error;

	drain();
	got = read(fd, buffer, 1);
	error = errno;
	if (got >= 0)
		ktap_note("the read gave %zd", got);
	else if (error != EAGAIN)
		ktap_note("the read gave %s", strerror(error));
	ktap_result(got < 0 && error == EAGAIN,
		    "O_NONBLOCK: an empty device answers EAGAIN");
}

static void print_usage(FILE *stream)
{
	fprintf(stream,
		"usage: sigio [options]\n"
		"  --device PATH     the device (%s)\n"
		"  --count N         writes where there are many (%ld)\n"
		"  --size BYTES      bytes of each write, up to %d (%ld)\n"
		"  --signal N        real-time signal, %d to %d (%d)\n"
		"  --seconds S       longest wait for a signal (%ld)\n"
		"  --features LIST   what the driver was generated with (%s)\n",
		device, count, MAX_SIZE, size, SIGRTMIN, SIGRTMAX, rt_signal,
		seconds, features);
}

static void read_options(int argc, char **argv)
{
	static const struct option options[] = {
		{ "device", required_argument, NULL, 'd' },
		{ "count", required_argument, NULL, 'c' },
		{ "size", required_argument, NULL, 'b' },
		{ "signal", required_argument, NULL, 's' },
		{ "seconds", required_argument, NULL, 't' },
		{ "features", required_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'd':
			device = optarg;
			break;
		case 'c':
			count = probe_number("count", optarg, 1, 100000);
			break;
		case 'b':
			size = probe_number("size", optarg, 1, MAX_SIZE);
			break;
		case 's':
			rt_signal = probe_number("signal", optarg, SIGRTMIN,
						 SIGRTMAX);
			break;
		case 't':
			seconds = probe_number("seconds", optarg, 1, 3600);
			break;
		case 'f':
			features = optarg;
			break;
		case 'h':
			print_usage(stdout);
			exit(0);
		default:
			print_usage(stderr);
			exit(2);
		}
	}
	if (optind < argc) {
		fprintf(stderr, "sigio: \"%s\" is no option\n", argv[optind]);
		exit(2);
	}
}

/* Each write may queue a signal, and so may each read that makes room. */
static void need_signal_queue(void)
{
	rlim_t need = 2 * count + 64;
	struct rlimit limit;

	if (getrlimit(RLIMIT_SIGPENDING, &limit))
		ktap_bail_out("RLIMIT_SIGPENDING: %s", strerror(errno));
	if (limit.rlim_cur >= need)
		return;
	limit.rlim_cur = need;
	if (limit.rlim_max < need)
		limit.rlim_max = need;
	if (setrlimit(RLIMIT_SIGPENDING, &limit)) {
		fprintf(stderr,
			"sigio: --count %ld needs %ju queued signals, more than ulimit -i allows\n",
			count, (uintmax_t)need);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	sigset_t blocked;

	rt_signal = SIGRTMIN + 5;
	read_options(argc, argv);
	need_signal_queue();

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGIO);
	sigaddset(&blocked, rt_signal);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	memset(buffer, 'k', sizeof(buffer));

	ktap_plan(10);
	fd = open_device();
	test_would_block();
	test_arm();
	test_handler();
	test_one_event();
	test_every_event();
	test_coalescing();
	test_writable();
	test_disarmed();
	test_closed();
	test_poll();
	drain();
	close(fd);
	return ktap_finish();
}
