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
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "probe.h"

/* How long to listen when nothing may come. */
#define SILENCE_NS	100000000L
#define MAX_SIZE	65536
/* So few signals can wait where their queue is meant to overflow. */
#define SHORT_QUEUE	8

static long count = 32;
static long size = 1;
static long rt_signal;
static int fd;
static char buffer[MAX_SIZE];

static atomic_int handled;
static atomic_int handled_signal;

static void on_signal(int signal_number)
{
	handled_signal = signal_number;
	handled++;
}

/* One write; makes room first when there is none. */
static void write_once(void)
{
	ssize_t put = write(fd, buffer, size);

	if (put < 0 && errno == EAGAIN) {
		probe_drain(fd);
		put = write(fd, buffer, size);
	}
	if (put <= 0)
		ktap_bail_out("%s: write of %ld bytes: %s", probe_device, size,
			      put ? strerror(errno) : "nothing was written");
}

static void set_signal(int signal_number)
{
	if (fcntl(fd, F_SETSIG, signal_number))
		ktap_bail_out("%s: F_SETSIG %d: %s", probe_device, signal_number,
			      strerror(errno));
}

/* The first two steps; false when the driver ignores the second. */
static bool arm(int file)
{
	int flags = fcntl(file, F_GETFL);

	if (fcntl(file, F_SETOWN, getpid()))
		ktap_bail_out("%s: F_SETOWN: %s", probe_device, strerror(errno));
	if (flags < 0 || fcntl(file, F_SETFL, flags | O_ASYNC))
		ktap_bail_out("%s: F_SETFL: %s", probe_device, strerror(errno));
	/* A driver without .fasync is no error for the kernel: look. */
	return fcntl(file, F_GETFL) & O_ASYNC;
}

static bool disarm(int file)
{
	int flags = fcntl(file, F_GETFL);

	if (flags < 0 || fcntl(file, F_SETFL, flags & ~O_ASYNC))
		ktap_bail_out("%s: F_SETFL: %s", probe_device, strerror(errno));
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
	probe_drain(fd);
	forget_signals();
}

static bool test_arm(void)
{
	bool armed = arm(fd);
	bool owned = fcntl(fd, F_GETOWN) == getpid();

	if (!owned)
		ktap_note("F_GETOWN does not give this process back");
	if (!armed) {
		ktap_note("O_ASYNC was not kept: the driver has no .fasync");
		probe_stop("O_ASYNC is not set");
	}
	return armed && owned;
}

/* Lets the handler of SIGIO run, for one event; 0 when there was none. */
static int handle_one(void)
{
	struct timespec limit = { .tv_sec = probe_seconds };
	sigset_t open_mask;

	/* SIGIO is blocked but for the time of this call: it cannot be missed. */
	sigprocmask(SIG_SETMASK, NULL, &open_mask);
	sigdelset(&open_mask, SIGIO);
	ppoll(NULL, 0, &limit, &open_mask);
	if (handled)
		ktap_note("received signal %d (%s)", handled_signal,
			  strsignal(handled_signal));
	else
		ktap_note("no signal within %ld s", probe_seconds);
	return handled_signal;
}

static void begin_handling(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	set_signal(0);
	if (sigaction(SIGIO, &action, NULL))
		ktap_bail_out("sigaction: %s", strerror(errno));
	handled = 0;
	handled_signal = 0;
}

static bool test_handler(void)
{
	begin_handling();
	write_once();
	return handle_one() == SIGIO && handled == 1;
}

/* What a user sees who types it in another window. */
static bool test_echo(void)
{
	bool heard, right;
	ssize_t got;
	int status;
	pid_t child;

	begin_handling();
	child = fork();
	if (child < 0)
		ktap_bail_out("fork: %s", strerror(errno));
	if (!child) {
		execl("/bin/sh", "sh", "-c", "echo hello > \"$1\"", "sh",
		      probe_device, (char *)NULL);
		_exit(127);
	}
	if (waitpid(child, &status, 0) != child)
		ktap_bail_out("waitpid: %s", strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return probe_skip("there is no /bin/sh");
	heard = handle_one() == SIGIO;
	got = read(fd, buffer, sizeof(buffer));
	right = got == 6 && !memcmp(buffer, "hello\n", 6);
	if (!right)
		ktap_note("%zd bytes can be read, not \"hello\"", got);
	memset(buffer, 'k', sizeof(buffer));
	return heard && right;
}

static bool test_one_event(void)
{
	siginfo_t info = { 0 };
	bool right;
	int got;

	set_signal(rt_signal);
	write_once();
	got = next_signal(&info, probe_seconds, 0);
	right = got == rt_signal && info.si_code == POLL_IN &&
		info.si_fd == fd && info.si_band & POLLIN &&
		!(info.si_band & POLLOUT);
	if (got)
		ktap_note("signal %d, si_code %d, si_fd %d of %d, si_band %#lx",
			  got, info.si_code, info.si_fd, fd,
			  (unsigned long)info.si_band);
	else
		ktap_note("no signal within %ld s", probe_seconds);
	if (next_signal(&info, 0, SILENCE_NS)) {
		ktap_note("a second signal, si_band %#lx, came after it",
			  (unsigned long)info.si_band);
		right = false;
	}
	return right;
}

/* What came of many writes. */
struct tally {
	long in;	/* signals that say POLL_IN */
	long out;
	long plain;	/* without a file: the queue was full */
	bool plain_first;
};

static struct tally write_many(long writes)
{
	struct tally tally = { 0 };
	siginfo_t info;
	int got;

	set_signal(rt_signal);
	for (long i = 0; i < writes; i++)
		write_once();
	/* All that were queued are there; a late one is heard as well. */
	while ((got = next_signal(&info, 0, SILENCE_NS))) {
		tally.plain_first |= got == SIGIO && !tally.in;
		tally.plain += got == SIGIO;
		tally.in += got == rt_signal && info.si_code == POLL_IN;
		tally.out += got == rt_signal && info.si_code == POLL_OUT;
	}
	return tally;
}

static bool test_every_event(void)
{
	struct tally tally = write_many(count);

	ktap_note("%ld writes: %ld POLL_IN, %ld POLL_OUT", count, tally.in,
		  tally.out);
	ktap_measure("queued.events", count, "events");
	ktap_measure("queued.signals", tally.in, "signals");
	if (tally.plain)
		ktap_note("the signal queue overflowed");
	return tally.in == count && !tally.plain;
}

static bool test_coalescing(void)
{
	unsigned int pending;

	set_signal(0);
	for (long i = 0; i < count; i++)
		write_once();
	pending = forget_signals();
	ktap_note("%ld writes while it was blocked left %u SIGIO pending",
		  count, pending);
	ktap_measure("coalesced.events", count, "events");
	ktap_measure("coalesced.signals", pending, "signals");
	return pending == 1;
}

/*
 * Signals that are queued take memory, and RLIMIT_SIGPENDING says how many may
 * be. The next one becomes a plain SIGIO, which has no file and no count. It is
 * taken first, since its number is lower: a program that gets one looks at all
 * its files with poll().
 */
static bool test_overflow(void)
{
	long writes = count > 4 * SHORT_QUEUE ? count : 4 * SHORT_QUEUE;
	struct rlimit usual, lowered;
	struct tally tally;

	if (getrlimit(RLIMIT_SIGPENDING, &usual))
		ktap_bail_out("RLIMIT_SIGPENDING: %s", strerror(errno));
	lowered = usual;
	lowered.rlim_cur = SHORT_QUEUE;
	if (setrlimit(RLIMIT_SIGPENDING, &lowered))
		ktap_bail_out("RLIMIT_SIGPENDING: %s", strerror(errno));
	tally = write_many(writes);
	if (setrlimit(RLIMIT_SIGPENDING, &usual))
		ktap_bail_out("RLIMIT_SIGPENDING: %s", strerror(errno));

	ktap_note("%ld writes, room for %d: %ld POLL_IN, %ld plain SIGIO",
		  writes, SHORT_QUEUE, tally.in, tally.plain);
	ktap_measure("overflow.events", writes, "events");
	ktap_measure("overflow.signals", tally.in, "signals");
	ktap_measure("overflow.lost", writes - tally.in, "events");
	if (!tally.plain_first)
		ktap_note("the plain SIGIO did not come first");
	return tally.in <= SHORT_QUEUE && tally.plain == 1 && tally.plain_first;
}

static bool test_writable(void)
{
	siginfo_t info = { 0 };
	bool right;

	set_signal(rt_signal);
	write_once();
	if (!next_signal(&info, probe_seconds, 0))
		ktap_note("the write before it gave no signal");
	if (read(fd, buffer, sizeof(buffer)) <= 0)
		ktap_bail_out("%s: what was written cannot be read", probe_device);
	right = next_signal(&info, probe_seconds, 0) == rt_signal &&
		info.si_code == POLL_OUT && info.si_fd == fd &&
		info.si_band & POLLOUT;
	if (!right)
		ktap_note("no POLL_OUT within %ld s", probe_seconds);
	return right;
}

static bool test_disarmed(void)
{
	siginfo_t info;
	bool off, silent;

	set_signal(rt_signal);
	off = disarm(fd);
	if (!off)
		ktap_note("O_ASYNC is still set");
	write_once();
	silent = !next_signal(&info, 0, SILENCE_NS);
	if (!silent)
		ktap_note("signal %d came", info.si_signo);
	return off && silent;
}

static bool test_closed(void)
{
	bool heard, silent;
	siginfo_t info;
	int other;

	disarm(fd);
	other = probe_open(O_RDWR | O_NONBLOCK);
	arm(other);
	write_once();
	/* Without this, silence would prove nothing. */
	heard = next_signal(&info, probe_seconds, 0);
	if (!heard)
		ktap_note("the second file got no signal while it was open");
	close(other);
	begin();
	write_once();
	silent = !next_signal(&info, 0, SILENCE_NS);
	if (!silent)
		ktap_note("signal %d came: it is still on the driver's list",
			  info.si_signo);
	return heard && silent;
}

static bool test_poll(void)
{
	struct pollfd item = { .fd = fd, .events = POLLIN | POLLOUT };
	int empty, filled;

	if (poll(&item, 1, 0) < 0)
		ktap_bail_out("poll: %s", strerror(errno));
	empty = item.revents;
	write_once();
	if (poll(&item, 1, probe_seconds * 1000) < 0)
		ktap_bail_out("poll: %s", strerror(errno));
	filled = item.revents;
	ktap_note("empty: revents %#x, after a write: %#x", empty, filled);
	return !(empty & POLLIN) && empty & POLLOUT && filled & POLLIN;
}

static bool test_would_block(void)
{
	ssize_t got = read(fd, buffer, 1);

	if (got < 0 && errno == EAGAIN)
		return true;
	ktap_note("the read gave %s", got < 0 ? strerror(errno) : "something");
	return false;
}

static const struct probe_test tests[] = {
	{ "O_NONBLOCK: an empty device answers EAGAIN", test_would_block, NULL },
	{ "poll says what is so", test_poll, "poll" },
	{ "steps 1 and 2: O_ASYNC is set and stays set", test_arm, "fasync" },
	{ "step 3: one write, and the handler of SIGIO runs", test_handler,
	  "fasync" },
	{ "echo hello in another process: the handler runs", test_echo,
	  "fasync" },
	{ "F_SETSIG: one write gives one POLL_IN of this file", test_one_event,
	  "fasync" },
	{ "F_SETSIG: each of many writes gives its signal", test_every_event,
	  "fasync" },
	{ "F_SETSIG: a full queue falls back to plain SIGIO", test_overflow,
	  "fasync" },
	{ "plain SIGIO: many writes before the first is taken", test_coalescing,
	  "fasync" },
	{ "POLL_OUT: a read that made room signals writers", test_writable,
	  "pollout" },
	{ "O_ASYNC off: a write gives no signal", test_disarmed, "fasync" },
	{ "close: a closed file gets no more signals", test_closed, "fasync" },
};

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
	if (setrlimit(RLIMIT_SIGPENDING, &limit))
		probe_refuse("--count %ld needs %ju queued signals, more than ulimit -i allows",
			     count, (uintmax_t)need);
}

/*
 * What a first program with SIGIO does: says which signal came, and reads what
 * there is. One signal may stand for many events, so it reads until EAGAIN.
 */
static bool monitor_device(void)
{
	siginfo_t info;
	sigset_t set;
	long seen = 0;
	ssize_t got;

	if (!arm(fd)) {
		ktap_note("O_ASYNC was not kept: the driver has no .fasync");
		return false;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ktap_note("watching %s; Ctrl-C ends it, and so do %ld signals",
		  probe_device, count);
	while (seen < count && sigwaitinfo(&set, &info) == SIGIO) {
		seen++;
		ktap_note("received signal %d (%s)", info.si_signo,
			  strsignal(info.si_signo));
		while ((got = read(fd, buffer, sizeof(buffer) - 1)) > 0) {
			buffer[got] = '\0';
			buffer[strcspn(buffer, "\n")] = '\0';
			ktap_note("  %zd bytes: %s", got, buffer);
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	bool monitor = false;
	const struct probe_option options[] = {
		PROBE_NUMBER("count", count, 1, 100000,
			     "writes where there are many"),
		PROBE_NUMBER("size", size, 1, MAX_SIZE, "bytes of each write"),
		PROBE_NUMBER("signal", rt_signal, SIGRTMIN, SIGRTMAX,
			     "real-time signal"),
		PROBE_FLAG("monitor", monitor,
			   "only tell of each signal that comes"),
		{ 0 }
	};
	sigset_t blocked;

	rt_signal = SIGRTMIN + 5;
	probe_options(argc, argv, "does a device tell that it is ready?", options);
	need_signal_queue();

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGIO);
	sigaddset(&blocked, rt_signal);
	sigprocmask(SIG_BLOCK, &blocked, NULL);

	ktap_plan(monitor ? 1 : PROBE_COUNT(tests));
	fd = probe_open(O_RDWR | O_NONBLOCK);
	if (monitor) {
		ktap_result(monitor_device(), "each signal was told");
		return ktap_finish();
	}
	memset(buffer, 'k', sizeof(buffer));
	probe_run(tests, PROBE_COUNT(tests), begin, NULL);
	probe_drain(fd);
	close(fd);
	return ktap_finish();
}
