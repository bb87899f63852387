// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of sleeping and waking.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conformance.h"

#define READERS		4
#define WRITERS		3

static int to_child, to_parent;

static void on_signal(int signal_number)
{
	(void)signal_number;
}

static bool is_write;

/* Reads or writes a byte and sleeps over it; 0 when a signal interrupts that. */
static int be_interrupted(void *restarts)
{
	struct sigaction action = { .sa_handler = on_signal };
	char byte = 'i';
	ssize_t done;

	action.sa_flags = restarts ? SA_RESTART : 0;
	sigaction(SIGUSR1, &action, NULL);
	tell(to_parent);
	done = is_write ? write(fd, &byte, 1) : read(fd, &byte, 1);
	if (restarts)
		return !check(done == 1, "with SA_RESTART the call goes on after the signal",
			      "it gave %zd (%s)", done, strerror(errno));
	return !check(done < 0 && errno == EINTR, "a signal interrupts the call with EINTR",
		      "it gave %zd (%s)", done, strerror(errno));
}

static bool interrupted(void)
{
	pid_t child;

	to_parent = gate();
	doing("a read or write that sleeps, to be interrupted by a signal");
	child = start(be_interrupted, NULL);
	if (!told(to_parent) || !falls_asleep(child))
		return false;
	kill(child, SIGUSR1);
	return ends_with(child, 0);
}

static bool restarted(void)
{
	pid_t child;

	child = start(be_interrupted, "restarts");
	if (!told(to_parent) || !falls_asleep(child))
		return false;
	kill(child, SIGUSR1);
	if (!falls_asleep(child))
		return false;
	if (is_write)
		drain();
	else
		feed();
	return ends_with(child, 0);
}

static bool read_interrupted(void)
{
	return interrupted() && restarted();
}

static bool write_interrupted(void)
{
	is_write = true;
	fill();
	return interrupted() && restarted();
}

static int move_bytes(void *unused)
{
	char byte = 'w';

	(void)unused;
	for (;;) {
		if (!told(to_child))
			return 1;
		if ((is_write ? write(fd, &byte, 1) : read(fd, &byte, 1)) != 1)
			return !check(false, "a byte is moved", "%s", strerror(errno));
		tell(to_parent);
	}
}

/*
 * Later in each round, so that every step on the way to sleep is met: first by
 * microseconds, up to milliseconds for a machine that is slow or busy.
 */
static void shift(long round)
{
	const long step = round % 20;
	const struct timespec moment = { .tv_nsec = step * step * 30000 };

	nanosleep(&moment, NULL);
}

/*
 * Rounds in which one process goes to sleep at the moment when the other one
 * makes the device ready: a wake-up between "looked" and "asleep" gets lost in
 * a driver that does not look again.
 */
static bool woken(void)
{
	long long end = now_ms() + 1000 * limit;
	char byte = 'w';
	pid_t child;

	to_child = gate();
	to_parent = gate();
	child = start(move_bytes, NULL);
	for (long i = 0; i < count && now_ms() < end; i++) {
		doing("waiting for a process that sleeps in read() or write()");
		tell(to_child);
		/* Every other time it sleeps already. */
		if (i % 2 == 0)
			shift(i);
		else if (!falls_asleep(child))
			return false;
		if (is_write)
			make_room();
		else
			put(&byte, 1);
		if (!told(to_parent)) {
			show_place(child);
			return check(false, "who sleeps is woken when the device is ready",
				     "in round %ld of %ld it sleeps on", i + 1, count);
		}
		if (is_write)
			fill();
	}
	return dies(child);
}

static bool reader_woken(void)
{
	return woken();
}

static bool writer_woken(void)
{
	is_write = true;
	fill();
	return woken();
}

static int read_one(void *unused)
{
	char byte;

	(void)unused;
	tell(to_parent);
	return read(fd, &byte, 1) == 1 ? byte : 0;
}

static bool several_readers(void)
{
	pid_t readers[READERS];
	int seen = 0;

	to_parent = gate();
	for (int i = 0; i < READERS; i++) {
		readers[i] = start(read_one, NULL);
		if (!told(to_parent) || !falls_asleep(readers[i]))
			return false;
	}
	put("\1\2\4\10", READERS);
	doing("waiting for several readers, with a byte for each");
	for (int i = 0; i < READERS; i++) {
		int status = ending(readers[i]);

		if (status < 0)
			return false;
		seen += status >> 8;
	}
	return check(seen == 1 + 2 + 4 + 8, "each reader gets one of the bytes",
		     "the sum of what they got is %d where 15 is right", seen);
}

/* Bytes that say who wrote them and which they are. */
static int write_numbers(void *number)
{
	unsigned char writer = *(int *)number;

	for (long i = 0; i < count; i++) {
		unsigned char byte = writer << 6 | (i & 0x3f);

		if (write(fd, &byte, 1) != 1)
			return !check(false, "a byte is written", "%s", strerror(errno));
	}
	return 0;
}

static bool several_writers(void)
{
	long next[WRITERS] = { 0 };
	pid_t writers[WRITERS];
	unsigned char byte;

	for (int i = 0; i < WRITERS; i++)
		writers[i] = start(write_numbers, &i);
	doing("read(2) while several processes write");
	for (long i = 0; i < WRITERS * count; i++) {
		int writer;

		if (read(fd, &byte, 1) != 1)
			give_up("a byte is read", "%s", strerror(errno));
		writer = byte >> 6;
		if (!check(writer < WRITERS && (next[writer] & 0x3f) == (byte & 0x3f),
			   "each writer's bytes come in its order, none lost, none twice",
			   "byte %d of writer %d where %ld is right", byte & 0x3f, writer,
			   writer < WRITERS ? next[writer] & 0x3f : 0))
			return false;
		next[writer]++;
	}
	for (int i = 0; i < WRITERS; i++) {
		if (!ends_with(writers[i], 0))
			return false;
	}
	return contains("", 0);
}

const struct rule wake_rules[] = {
	{ "wake.read-signal", "a signal interrupts a sleeping read", "fifo",
	  "wait_event() where wait_event_interruptible() is right, or -ERESTARTSYS is not returned",
	  read_interrupted },
	{ "wake.write-signal", "a signal interrupts a sleeping write", "fifo",
	  "wait_event() where wait_event_interruptible() is right, or -ERESTARTSYS is not returned",
	  write_interrupted },
	{ "wake.reader", "a write wakes a sleeping reader, always", "fifo",
	  "no wake_up() after a write, or the reader looks, and then sleeps without looking again",
	  reader_woken },
	{ "wake.writer", "a read wakes a sleeping writer, always", "fifo",
	  "no wake_up() after a read, or only when the device was full before the lock was taken",
	  writer_woken },
	{ "wake.several-readers", "bytes for all wake all readers", "fifo",
	  "an exclusive wake-up, which wakes one, where there is enough for more",
	  several_readers },
	{ "wake.several-writers", "concurrent writers lose and mix up nothing", "fifo",
	  "state that is changed without the lock",
	  several_writers },
	{ 0 }
};
