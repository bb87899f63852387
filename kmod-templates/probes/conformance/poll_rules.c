// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of poll(2), epoll(7) and IOCB_CMD_POLL.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "conformance.h"

#define ROUNDS	20

static int now(short asked)
{
	struct pollfd item = { .fd = plain, .events = asked };

	doing("poll(2) that does not wait");
	if (poll(&item, 1, 0) < 0)
		give_up("poll() succeeds", "%s", strerror(errno));
	return item.revents;
}

static bool states(void)
{
	int empty = now(POLLIN | POLLOUT), some, full;

	put("x", 1);
	some = now(POLLIN | POLLOUT);
	fill();
	full = now(POLLIN | POLLOUT);
	return check(empty == POLLOUT, "an empty device: POLLOUT alone", "revents %#x", empty) &&
	       check(some == (POLLIN | POLLOUT), "something is in it: POLLIN and POLLOUT",
		     "revents %#x", some) &&
	       check(full == POLLIN, "a full device: POLLIN alone", "revents %#x", full);
}

static int to_parent, to_child;

static int poll_often(void *events)
{
	struct pollfd item = { .fd = fd, .events = *(short *)events };

	for (int i = 0; i < ROUNDS; i++) {
		if (!told(to_child))
			return 1;
		/* Without a limit: when that is over, poll(2) looks once more. */
		if (poll(&item, 1, -1) != 1)
			return 1;
		tell(to_parent);
	}
	return 0;
}

static bool poll_woken(short events)
{
	pid_t child;

	to_parent = gate();
	to_child = gate();
	child = start(poll_often, &events);
	for (int i = 0; i < ROUNDS; i++) {
		tell(to_child);
		if (i % 2 && !falls_asleep(child))
			return false;
		if (events == POLLIN)
			feed();
		else
			make_room();
		doing("waiting for a process that sleeps in poll()");
		if (!told(to_parent)) {
			show_place(child);
			return check(false, "poll() is woken when the device is ready",
				     "it slept on in round %d", i + 1);
		}
		if (events == POLLIN)
			drain();
		else
			fill();
	}
	return ends_with(child, 0);
}

static bool wakes_in(void)
{
	struct pollfd item = { .fd = fd, .events = POLLIN };

	if (is_fifo())
		return poll_woken(POLLIN);
	doing("poll(2) until the device is ready by itself");
	return check(poll(&item, 1, 1000 * limit) == 1, "poll() is woken when the device is ready",
		     "nothing within %ld s", limit);
}

static bool wakes_out(void)
{
	fill();
	return poll_woken(POLLOUT);
}

/* Edge triggered: each time the device becomes readable counts. */
static bool edges(void)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int set = epoll_create1(EPOLL_CLOEXEC);

	if (set < 0 || epoll_ctl(set, EPOLL_CTL_ADD, plain, &event))
		give_up("epoll_ctl() takes the file", "%s", strerror(errno));
	doing("epoll_wait(2), edge triggered");
	for (int i = 0; i < ROUNDS; i++) {
		feed();
		if (!check(epoll_wait(set, &event, 1, 1000 * limit) == 1,
			   "an edge each time the device becomes readable",
			   "none in round %d", i + 1) ||
		    !check(event.events & EPOLLIN, "EPOLLIN", "events %#x", event.events))
			return false;
		drain();
	}
	close(set);
	return true;
}

/* The events of IOCB_CMD_POLL that come when something can be read. */
static bool aio_poll(void)
{
	struct io_event event;

	begin_requests();
	for (int i = 0; i < ROUNDS; i++) {
		prepare(&requests[0], IOCB_CMD_POLL, NULL, 0);
		requests[0].aio_buf = POLLIN;
		submit(&requests[0]);
		if (is_fifo() && !i && !nothing_completes())
			return false;
		feed();
		if (!check(reap(&event, 1) == 1,
			   "IOCB_CMD_POLL is completed when the device is ready",
			   "no event within %ld s, round %d", limit, i + 1) ||
		    !check((long long)event.res > 0 && event.res & POLLIN, "res has POLLIN",
			   "res is %lld", (long long)event.res))
			return false;
		drain();
	}
	end_requests();
	return true;
}

static bool aio_poll_ends(void)
{
	int said;

	begin_requests();
	for (int i = 0; i < 2; i++) {
		prepare(&requests[i], IOCB_CMD_POLL, NULL, 0);
		requests[i].aio_buf = POLLIN;
		submit(&requests[i]);
	}
	said = try_cancel(&requests[0]);
	if (!check(said == -EINPROGRESS, "io_cancel() of a pending poll says EINPROGRESS",
		   "it gave %d", said))
		return false;
	end_requests();
	put("left", 4);
	return contains("left", 4);
}

const struct rule poll_rules[] = {
	{ "poll.states", "poll tells what can be done now", "fifo,poll",
	  "the mask is computed wrongly, or EPOLLOUT is always or never set",
	  states },
	{ "poll.wakes-in", "a sleeping poll is woken when there is something", "read,poll",
	  "poll_wait() on another queue than the one that is woken, or a wrong key",
	  wakes_in },
	{ "poll.wakes-out", "a sleeping poll is woken when there is room", "fifo,poll",
	  "no wake_up() after a read, or one with the wrong key (EPOLLOUT)",
	  wakes_out },
	{ "poll.edges", "epoll with EPOLLET hears each change", "fifo,poll",
	  "the wake-up is left out when nobody sleeps in read()",
	  edges },
	{ "poll.aio", "IOCB_CMD_POLL is completed when there is something", "fifo,poll",
	  "two poll_wait() calls; register on one wait queue",
	  aio_poll },
	{ "poll.aio-ends", "IOCB_CMD_POLL can be cancelled and destroyed", "fifo,poll",
	  "two poll_wait() calls; register on one wait queue",
	  aio_poll_ends },
	{ 0 }
};
