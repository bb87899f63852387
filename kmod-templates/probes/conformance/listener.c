// SPDX-License-Identifier: GPL-2.0
/*
 * Signals of files. All are blocked and taken with sigtimedwait(2), so none is
 * missed and none interrupts anything.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conformance.h"

int signal_of(int number)
{
	return SIGRTMIN + 5 + number;
}

void arm_for(int file, int signal_number, pid_t owner)
{
	int flags = fcntl(file, F_GETFL);

	doing("fcntl(2) with F_SETOWN, F_SETSIG and F_SETFL: .fasync of the driver");
	if (fcntl(file, F_SETOWN, owner) || fcntl(file, F_SETSIG, signal_number))
		give_up("F_SETOWN and F_SETSIG succeed", "%s", strerror(errno));
	if (flags < 0 || fcntl(file, F_SETFL, flags | O_ASYNC))
		give_up("F_SETFL sets O_ASYNC", "%s", strerror(errno));
	/* The kernel says nothing when there is no .fasync: look. */
	if (!(fcntl(file, F_GETFL) & O_ASYNC))
		give_up("O_ASYNC stays set", "F_GETFL does not show it: the driver has no .fasync");
}

void arm(int file, int signal_number)
{
	arm_for(file, signal_number, getpid());
}

void disarm(int file)
{
	int flags = fcntl(file, F_GETFL);

	doing("fcntl(2) that clears O_ASYNC: .fasync of the driver");
	if (flags < 0 || fcntl(file, F_SETFL, flags & ~O_ASYNC))
		give_up("F_SETFL clears O_ASYNC", "%s", strerror(errno));
}

static int take(int signal_number, siginfo_t *info, long milliseconds)
{
	struct timespec time = {
		.tv_sec = milliseconds / 1000,
		.tv_nsec = milliseconds % 1000 * 1000000,
	};
	siginfo_t unused;
	sigset_t set;
	int got;

	sigemptyset(&set);
	sigaddset(&set, signal_number);
	do {
		got = sigtimedwait(&set, info ? info : &unused, &time);
	} while (got < 0 && errno == EINTR);
	return got < 0 ? 0 : got;
}

int listen_for(int signal_number, siginfo_t *info)
{
	doing("waiting for a signal of the device");
	return take(signal_number, info, 1000 * limit);
}

int listen_briefly(int signal_number, siginfo_t *info)
{
	return take(signal_number, info, QUIET_MS);
}

unsigned int pending(int signal_number)
{
	unsigned int taken = 0;

	while (take(signal_number, NULL, 0))
		taken++;
	return taken;
}

void notify_all(void)
{
	int witness = open_device(O_NONBLOCK);
	int its = signal_of(9);

	arm(witness, its);
	for (int i = 0; i < 2; i++) {
		feed();
		if (!listen_for(its, NULL))
			give_up("a file that asked for signals hears of something to read",
				"no signal within %ld s", limit);
		drain();
		pending(its);
	}
	disarm(witness);
	close(witness);
}
