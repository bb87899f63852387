// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of asynchronous notification: what is signalled, and how long.
 *
 * That a signal does not come cannot be waited for. So another file is armed as
 * well, and what it hears tells how far the driver has come, see notify_all().
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "conformance.h"

#define MANY	16
#define QUEUE	4

static bool heard(int signal_number, siginfo_t *info)
{
	return check(listen_for(signal_number, info), "a signal when the device becomes ready",
		     "none within %ld s", limit);
}

static bool silent(int signal_number, const char *expected)
{
	unsigned int came = pending(signal_number);

	return check(!came, expected, "%u signals came", came);
}

static bool armed(void)
{
	arm(fd, signal_of(0));
	if (!check(fcntl(fd, F_GETOWN) == getpid(), "F_GETOWN gives the owner back",
		   "it gives %d", fcntl(fd, F_GETOWN)))
		return false;
	disarm(fd);
	return check(!(fcntl(fd, F_GETFL) & O_ASYNC), "O_ASYNC can be cleared",
		     "F_GETFL still shows it");
}

static bool right_band(int code, long has, long has_not, const char *expected)
{
	siginfo_t info = { 0 };

	if (!heard(signal_of(0), &info))
		return false;
	return check(info.si_code == code && info.si_fd == fd && info.si_band & has &&
		     !(info.si_band & has_not), expected,
		     "si_code %d, si_band %#lx, si_fd %d", info.si_code,
		     (unsigned long)info.si_band, info.si_fd);
}

static bool band_in(void)
{
	arm(fd, signal_of(0));
	feed();
	return right_band(POLL_IN, POLLIN, POLLOUT,
			  "POLL_IN, POLLIN in si_band, this file in si_fd");
}

static bool band_out(void)
{
	char byte;

	put("out", 3);
	arm(fd, signal_of(0));
	doing("read(2) that makes room");
	if (read(fd, &byte, 1) != 1)
		give_up("what was written can be read", "%s", strerror(errno));
	return right_band(POLL_OUT, POLLOUT, POLLIN,
			  "POLL_OUT, POLLOUT in si_band, this file in si_fd");
}

static bool plain_sigio(void)
{
	arm(fd, 0);
	feed();
	return heard(SIGIO, NULL);
}

static int next;

static int feed_often(void *unused)
{
	(void)unused;
	for (int i = 0; i < MANY; i++) {
		if (!told(next))
			return 1;
		feed();
	}
	return 0;
}

/*
 * Who is signalled finds what it was signalled for. From a device that is ready by
 * itself, a read may take what the next signal is for; then that one finds nothing.
 * But not most of them.
 */
static bool not_early(void)
{
	int may_fail = is_fifo() ? 0 : MANY / 2;
	char bytes[4096];
	pid_t child;

	next = gate();
	arm(fd, signal_of(0));
	child = start(feed_often, NULL);
	for (int i = 0; i < MANY; i++) {
		bool found;

		tell(next);
		if (!heard(signal_of(0), NULL))
			return false;
		found = read(plain, bytes, sizeof(bytes)) > 0;
		if (!found && errno == EAGAIN && may_fail-- > 0)
			continue;
		if (!check(found, "after the signal there is something to read", "%s, round %d",
			   strerror(errno), i + 1))
			return false;
		pending(signal_of(0));
	}
	return ends_with(child, 0);
}

static bool each(void)
{
	unsigned int in = 0;
	siginfo_t info;

	arm(fd, signal_of(0));
	for (int i = 0; i < MANY; i++)
		put("e", 1);
	while (in < MANY && listen_for(signal_of(0), &info))
		in += info.si_code == POLL_IN;
	while (listen_briefly(signal_of(0), &info))
		in += info.si_code == POLL_IN;
	return check(in == MANY, "a POLL_IN for each write", "%u for %d writes", in, MANY);
}

static bool coalesces(void)
{
	unsigned int came;

	arm(fd, 0);
	for (int i = 0; i < MANY; i++)
		put("c", 1);
	if (!heard(SIGIO, NULL))
		return false;
	came = 1 + pending(SIGIO);
	/* A work item may send the rest a little later, but not one for each. */
	return check(came < MANY, "pending SIGIOs count as one", "%u came for %d writes",
		     came, MANY);
}

/* The queue of real-time signals is full: plain SIGIO says so. */
static bool overflow(void)
{
	struct rlimit few = { QUEUE, QUEUE };
	unsigned int queued;

	if (setrlimit(RLIMIT_SIGPENDING, &few))
		skip("RLIMIT_SIGPENDING: %s", strerror(errno));
	arm(fd, signal_of(0));
	for (int i = 0; i < MANY; i++)
		put("o", 1);
	if (!check(listen_for(SIGIO, NULL), "SIGIO when the signal queue is full",
		   "none within %ld s", limit))
		return false;
	queued = pending(signal_of(0));
	return check(queued <= QUEUE, "no more than the queue holds", "%u came", queued);
}

static bool off(void)
{
	arm(fd, signal_of(0));
	feed();
	if (!heard(signal_of(0), NULL))
		return false;
	disarm(fd);
	drain();
	pending(signal_of(0));
	notify_all();
	if (!silent(signal_of(0), "no signal after O_ASYNC was cleared"))
		return false;
	arm(fd, signal_of(0));
	feed();
	return heard(signal_of(0), NULL);
}

static bool closed(void)
{
	int other = open_device(O_NONBLOCK);

	arm(other, signal_of(0));
	feed();
	if (!heard(signal_of(0), NULL))
		return false;
	doing("close(2) of an armed file: .release of the driver");
	close(other);
	drain();
	pending(signal_of(0));
	notify_all();
	return silent(signal_of(0), "no signal of a file that was closed");
}

/* Cleared first, then closed: the kernel does not call .fasync again. */
static bool off_and_closed(void)
{
	int other = open_device(O_NONBLOCK);

	arm(other, signal_of(0));
	disarm(other);
	close(other);
	drain();
	pending(signal_of(0));
	notify_all();
	return silent(signal_of(0), "no signal of a file that was closed");
}

static int be_armed(void *unused)
{
	(void)unused;
	arm(open_device(O_NONBLOCK), signal_of(0));
	return 0;
}

static bool owner_ended(void)
{
	for (int i = 0; i < 3; i++) {
		if (!ends_with(start(be_armed, NULL), 0))
			return false;
		notify_all();
	}
	return true;
}

static bool armed_twice(void)
{
	unsigned int came = 0;
	siginfo_t info;

	arm(fd, signal_of(0));
	disarm(fd);
	arm(fd, signal_of(0));
	arm(fd, signal_of(0));
	drain();
	pending(signal_of(0));
	put("t", 1);
	if (!heard(signal_of(0), &info))
		return false;
	do {
		came += info.si_code == POLL_IN;
	} while (listen_briefly(signal_of(0), &info));
	return check(came == 1, "one POLL_IN for one write", "%u came", came);
}

static bool two_files(void)
{
	int other = open_device(O_NONBLOCK);
	siginfo_t info = { 0 };

	arm(fd, signal_of(0));
	arm(other, signal_of(1));
	feed();
	if (!heard(signal_of(0), &info) ||
	    !check(info.si_fd == fd, "si_fd is the file's own", "it is %d", info.si_fd) ||
	    !heard(signal_of(1), &info) ||
	    !check(info.si_fd == other, "si_fd is the file's own", "it is %d", info.si_fd))
		return false;
	disarm(other);
	drain();
	pending(signal_of(0));
	pending(signal_of(1));
	feed();
	if (!heard(signal_of(0), NULL))
		return false;
	close(other);
	return silent(signal_of(1), "clearing O_ASYNC of one file leaves the other alone");
}

const struct rule signal_rules[] = {
	{ "signal.armed", "O_ASYNC can be set and cleared", "fasync",
	  ".fasync is missing, or does not return what fasync_helper() returns",
	  armed },
	{ "signal.in", "what can be read is signalled as POLL_IN", "read,fasync",
	  "no kill_fasync() after a write, or one with another band",
	  band_in },
	{ "signal.out", "room is signalled as POLL_OUT", "fifo,pollout",
	  "no kill_fasync() after a read, or one with another band",
	  band_out },
	{ "signal.plain", "without F_SETSIG the signal is SIGIO", "read,fasync",
	  "kill_fasync() is given another signal than SIGIO",
	  plain_sigio },
	{ "signal.not-early", "who is signalled finds something to read", "read,fasync",
	  "kill_fasync() before the bytes are in",
	  not_early },
	{ "signal.each", "each write is signalled", "fifo,fasync",
	  "kill_fasync() only when the device was empty, or when nobody sleeps",
	  each },
	{ "signal.coalescing", "pending SIGIOs count as one", "fifo,fasync",
	  "the driver sends signals by itself and not by kill_fasync()",
	  coalesces },
	{ "signal.overflow", "a full signal queue falls back to SIGIO", "fifo,fasync",
	  "the driver sends signals by itself and not by kill_fasync()",
	  overflow },
	{ "signal.off", "O_ASYNC off: no signals, and on again", "read,fasync",
	  ".fasync ignores its argument \"on\"; hand it to fasync_helper()",
	  off },
	{ "signal.closed", "a closed file is signalled no more", "read,fasync",
	  ".release does not take the file off the list: fasync_helper(-1, filp, 0, ...)",
	  closed },
	{ "signal.off-closed", "a file is off the list when it is closed", "read,fasync",
	  ".fasync ignores its argument \"on\"; hand it to fasync_helper()",
	  off_and_closed },
	{ "signal.owner-ended", "the end of an armed process harms nobody", "read,fasync",
	  ".release does not take the file off the list: fasync_helper(-1, filp, 0, ...)",
	  owner_ended },
	{ "signal.armed-twice", "one event gives one signal, however often armed", "fifo,fasync",
	  "a list of the driver's own where fasync_helper() knows each file once",
	  armed_twice },
	{ "signal.two-files", "each file has its own signals", "read,fasync",
	  "one fasync_struct for one file, kept where all files need one list",
	  two_files },
	{ 0 }
};
