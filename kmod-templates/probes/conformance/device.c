// SPDX-License-Identifier: GPL-2.0
/*
 * The device: made empty, made full, fed, looked into. All of it with
 * O_NONBLOCK, so that nothing here sleeps in a driver that honours it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "conformance.h"

/* A device that takes more than this counts as one that is never full. */
#define MAX_ROOM	0x200000L
/* One that is ready by itself may be so again before it was found empty. */
#define MAX_READS	10000

int fd = -1;
int plain = -1;

static char scratch[65536];

size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void open_files(void)
{
	doing("open(2)");
	fd = open_device(0);
	plain = open_device(O_NONBLOCK);
}

void drain(void)
{
	ssize_t got = 0;
	long sum = 0;

	doing("read(2) with O_NONBLOCK, until the device is empty");
	/* What is no FIFO may give more for ever, and that takes its time. */
	for (int i = 0; i < MAX_READS && (is_fifo() || sum < MAX_ROOM); i++) {
		got = read(plain, scratch, sizeof(scratch));
		if (got <= 0)
			break;
		sum += got;
	}
	if (got > 0 && !is_fifo())
		return;
	if (got >= 0 || errno != EAGAIN)
		give_up("read() with O_NONBLOCK gives EAGAIN when the device is empty", "%s",
			got < 0 ? strerror(errno) : got ? "there is always more" : "it gave 0");
}

long fill(void)
{
	long filled = 0;
	ssize_t sent;

	doing("write(2) with O_NONBLOCK, until the device is full");
	do {
		memset(scratch, 'f', sizeof(scratch));
		sent = write(plain, scratch, sizeof(scratch));
		if (sent > 0)
			filled += sent;
	} while (sent > 0 && filled < MAX_ROOM);
	if (sent > 0)
		return MAX_ROOM;
	if (!sent || errno != EAGAIN)
		give_up("write() with O_NONBLOCK gives EAGAIN when the device is full",
			"after %ld bytes %s", filled, sent ? strerror(errno) : "it gave 0");
	return filled;
}

void make_room(void)
{
	for (long left = grain; left > 0;) {
		ssize_t got = read(plain, scratch,
				   left < (long)sizeof(scratch) ? left : (long)sizeof(scratch));

		if (got <= 0)
			give_up("what filled the device can be read", "%s",
				got ? strerror(errno) : "end of file");
		left -= got;
	}
}

void put(const void *bytes, size_t length)
{
	ssize_t sent = write(plain, bytes, length);

	if (sent != (ssize_t)length)
		give_up("what fits in is written", "write() of %zu bytes: %s", length,
			sent < 0 ? strerror(errno) : "it was short");
}

void feed(void)
{
	if (!is_fifo())
		return;
	if (write(plain, scratch, unit) == unit)
		return;
	drain();
	put(scratch, unit);
}

long read_on(char *to, long most)
{
	long done = 0;
	ssize_t got;

	while (done < most && (got = read(plain, to + done, most - done)) > 0)
		done += got;
	return done;
}

bool contains(const void *bytes, size_t length)
{
	ssize_t got;

	doing("read(2) with O_NONBLOCK");
	got = read(plain, scratch, sizeof(scratch));
	if (got < 0 && errno == EAGAIN)
		got = 0;
	return check(got == (ssize_t)length,
		     "what was written, and not read yet, is in the device",
		     "%zd bytes are in it where %zu are right", got, length) &&
	       same(scratch, bytes, length);
}

bool same(const void *arrived, const void *written, size_t length)
{
	const char *one = arrived, *other = written;
	size_t at = 0;

	while (at < length && one[at] == other[at])
		at++;
	return check(at == length, "the bytes that were written arrive, in their order",
		     "byte %zu of %zu is %#04x where %#04x is right", at, length,
		     at < length ? (unsigned char)one[at] : 0,
		     at < length ? (unsigned char)other[at] : 0);
}

char *bad_page(void)
{
	char *pages = mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		give_up("mmap() gives memory", "%s", strerror(errno));
	memset(pages, 'm', page_size());
	mprotect(pages + page_size(), page_size(), PROT_NONE);
	return pages + page_size();
}

char *pattern(size_t length)
{
	char *bytes = malloc(length);

	if (!bytes)
		give_up("malloc() gives memory", "%s", strerror(errno));
	for (size_t i = 0; i < length; i++)
		bytes[i] = i % 251;
	return bytes;
}
