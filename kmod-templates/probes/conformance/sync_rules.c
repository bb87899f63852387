// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of read(2), write(2) and their vectors.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "conformance.h"

/* The smallest read that the device does not refuse as too small. */
static long smallest_read(void)
{
	char bytes[4096];
	long size;

	for (size = 1; size < (long)sizeof(bytes); size += size < 64 ? 1 : size) {
		if (read(plain, bytes, size) >= 0 || errno != EINVAL)
			break;
	}
	return size;
}

static bool nonblock(void)
{
	if (!model_has("read"))
		return fill() > 0;
	if (!unit)
		unit = is_fifo() ? 1 : smallest_read();
	drain();
	if (!is_fifo())
		return true;
	room = fill();
	/* Some devices count in pages. */
	for (grain = 1; grain < room; grain++) {
		char byte;

		if (read(plain, &byte, 1) != 1 || write(plain, &byte, 1) == 1)
			break;
	}
	drain();
	return check(room >= TEXT_SIZE, "the empty device takes the bytes of a rule",
		     "it takes %ld where %d are needed", room, TEXT_SIZE);
}

static bool nonblock_later(void)
{
	char byte;
	ssize_t got;

	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	doing("read(2) after F_SETFL has set O_NONBLOCK");
	got = read(fd, &byte, 1);
	return check(got < 0 && errno == EAGAIN, "O_NONBLOCK that is set later counts, too",
		     "read() gave %zd (%s)", got, strerror(errno));
}

static bool vectors(void)
{
	char one[3], two[8];
	struct iovec in[] = { { one, 3 }, { NULL, 0 }, { two, sizeof(two) } };
	struct iovec out[] = { { "v", 1 }, { "ect", 3 }, { "", 0 }, { "ors", 3 } };
	ssize_t done;

	doing("writev(2)");
	done = writev(fd, out, 4);
	if (!check(done == 7, "writev() writes all segments", "it gave %zd", done))
		return false;
	doing("readv(2)");
	memset(two, '.', sizeof(two));
	done = readv(fd, in, 3);
	return check(done == 7, "readv() fills segment after segment", "it gave %zd", done) &&
	       same(one, "vec", 3) && same(two, "tors....", sizeof(two));
}

static bool short_read(void)
{
	char bytes[8];
	ssize_t got;

	put("abc", 3);
	memset(bytes, '.', sizeof(bytes));
	doing("read(2) of more than there is");
	got = read(fd, bytes, sizeof(bytes));
	return check(got == 3, "a read gives what there is and does not wait for more",
		     "it gave %zd where 3 is right", got) &&
	       same(bytes, "abc.....", sizeof(bytes));
}

static bool pieces(void)
{
	char bytes[4];

	put("abcdef", 6);
	doing("read(2) of less than there is");
	for (int i = 0; i < 6; i += 2) {
		if (!check(read(fd, bytes, 2) == 2, "a read leaves what it does not take",
			   "after %d bytes there are no 2 left", i) ||
		    !same(bytes, "abcdef" + i, 2))
			return false;
	}
	return contains("", 0);
}

/* The FIFO's ring has an end somewhere; this goes over it at every offset. */
static bool wraps(void)
{
	long size = room < 4096 ? room : 4096;
	char *sent = pattern(size);
	char *received = malloc(size);
	long step = size / 7 * 3 + 1;
	bool right = received;

	doing("writing and reading pieces that are no divisor of the room");
	for (long done = 0; right && done < 3 * room; done += step) {
		put(sent, step);
		right = check(read(plain, received, step) == step,
			      "as much is read as was written", "less, %ld bytes on", done) &&
			same(received, sent, step);
	}
	free(sent);
	free(received);
	return right;
}

static bool nothing(void)
{
	char byte;
	ssize_t got;

	doing("read(2) of no bytes");
	got = read(fd, &byte, 0);
	if (!check(!got, "a read of no bytes gives 0 at once", "it gave %zd (%s)", got,
		   got < 0 ? strerror(errno) : ""))
		return false;
	doing("write(2) of no bytes");
	got = write(fd, &byte, 0);
	return check(!got, "a write of no bytes gives 0 at once", "it gave %zd (%s)", got,
		     got < 0 ? strerror(errno) : "") &&
	       contains("", 0);
}

static bool bad_read(void)
{
	char *bad = bad_page();
	ssize_t got;

	feed();
	doing("read(2) into bad memory");
	got = read(fd, bad, unit);
	if (!check(got < 0 && errno == EFAULT, "a read into bad memory gives EFAULT",
		   "it gave %zd (%s)", got, got < 0 ? strerror(errno) : "no error"))
		return false;
	if (!is_fifo())
		return true;
	drain();
	put("abcd", 4);
	doing("read(2) across the end of good memory");
	got = read(fd, bad - 2, 4);
	if (got < 0)
		return check(errno == EFAULT, "2 bytes, or EFAULT", "%s", strerror(errno));
	/* An architecture may own up to fewer than arrived (linux/uaccess.h): arm64 says 1. */
	return check(got == 1 || got == 2, "only bytes that arrived are counted, here 2 at most",
		     "%zd", got) &&
	       same(bad - 2, "ab", got);
}

/* Bytes that did not arrive are not lost: a better read gets them. */
static bool bad_read_keeps(void)
{
	char *bad = bad_page();
	char bytes[8];
	ssize_t got;

	put("abcd", 4);
	doing("read(2) across the end of good memory");
	if (read(fd, bad, 4) >= 0)
		give_up("a read into bad memory gives EFAULT", "it succeeded");
	got = read(fd, bad - 2, 4);
	if (got < 0)
		got = 0;
	doing("read(2) of what was left");
	memset(bytes, '.', sizeof(bytes));
	return check(read(plain, bytes, sizeof(bytes)) == 4 - got,
		     "what could not be delivered stays in the device",
		     "%zd of 4 bytes had been delivered, and the rest is gone", got) &&
	       same(bytes, "abcd" + got, 4 - got);
}

static bool bad_write(void)
{
	char *bad = bad_page();
	struct iovec out[] = { { "good", 4 }, { bad, 4 } };
	ssize_t sent;

	doing("write(2) from bad memory");
	sent = write(fd, bad, 4);
	if (sent == 4 && !is_fifo())
		skip("the device does not look at what is written to it");
	if (!check(sent < 0 && errno == EFAULT, "a write from bad memory gives EFAULT",
		   "it gave %zd (%s)", sent, sent < 0 ? strerror(errno) : "no error"))
		return false;
	if (!is_fifo())
		return true;
	if (!contains("", 0))
		return false;
	doing("writev(2) with one good and one bad segment");
	sent = writev(fd, out, 2);
	if (sent < 0)
		return check(errno == EFAULT, "4 bytes, or EFAULT", "%s", strerror(errno)) &&
		       contains("", 0);
	return contains("good", sent <= 4 ? sent : 4) &&
	       check(sent <= 4, "only bytes that went in are counted, here 4", "%zd", sent);
}

/*
 * With RWF_NOWAIT. EAGAIN may also mean that somebody has the lock just now: a
 * worker that is about to end. So it is asked again for a while.
 */
static ssize_t move_now(bool in)
{
	long long end = now_ms() + 1000 * limit;
	char bytes[2] = "nw";
	struct iovec vector = { bytes, 2 };
	ssize_t done;

	do {
		done = in ? pwritev2(fd, &vector, 1, -1, RWF_NOWAIT) :
			    preadv2(fd, &vector, 1, -1, RWF_NOWAIT);
	} while (done < 0 && errno == EAGAIN && now_ms() < end);
	return done;
}

static bool nowait(void)
{
	struct iovec vector = { pattern(unit), unit };
	ssize_t done;

	doing("preadv2(2) with RWF_NOWAIT on an empty device");
	done = preadv2(fd, &vector, 1, -1, RWF_NOWAIT);
	if (done < 0 && (errno == EOPNOTSUPP || errno == EINVAL))
		skip("the driver does not offer it: no FMODE_NOWAIT, or no read_iter");
	if (done > 0 && !is_fifo())
		return true;
	if (!check(done < 0 && errno == EAGAIN, "RWF_NOWAIT on an empty device gives EAGAIN",
		   "it gave %zd (%s)", done, done < 0 ? strerror(errno) : "no error"))
		return false;
	if (!is_fifo())
		return true;
	doing("pwritev2(2) with RWF_NOWAIT");
	done = move_now(true);
	if (!check(done == 2, "RWF_NOWAIT writes what fits in", "it gave %zd", done))
		return false;
	done = move_now(false);
	if (!check(done == 2, "RWF_NOWAIT reads what there is", "it gave %zd", done))
		return false;
	fill();
	doing("pwritev2(2) with RWF_NOWAIT on a full device");
	done = pwritev2(fd, &vector, 1, -1, RWF_NOWAIT);
	return check(done < 0 && errno == EAGAIN, "RWF_NOWAIT on a full device gives EAGAIN",
		     "it gave %zd (%s)", done, done < 0 ? strerror(errno) : "no error");
}

/* More than fits in: what write(2) says went in is what comes out. */
static bool large_write(void)
{
	long length = room + room / 2 + 1;
	char *sent = pattern(length);
	char *received = malloc(length);
	ssize_t put, got;
	bool right;

	doing("write(2) with O_NONBLOCK of more than the room");
	put = write(plain, sent, length);
	got = received ? read(plain, received, length) : -1;
	right = check(put > 0 && put < length, "as much as fits in, and not more",
		      "it gave %zd of %ld", put, length) &&
		check(got == put, "all that went in comes out", "%zd of %zd bytes", got, put) &&
		same(received, sent, got);
	free(sent);
	free(received);
	return right;
}

const struct rule sync_rules[] = {
	{ "sync.nonblock", "O_NONBLOCK gives EAGAIN when empty and when full", "",
	  "f_flags & O_NONBLOCK is not looked at before sleeping, or is looked at only in open",
	  nonblock },
	{ "sync.nonblock-later", "O_NONBLOCK can be set after open", "fifo",
	  "the flag was copied in open; look at filp->f_flags in each call",
	  nonblock_later },
	{ "sync.vectors", "readv and writev go through all segments", "fifo",
	  "only the first segment is used; copy with copy_to_iter() and copy_from_iter()",
	  vectors },
	{ "sync.short-read", "a read gives what there is", "fifo",
	  "the read waits until all of it is there, or counts more than it copied",
	  short_read },
	{ "sync.pieces", "a read leaves what it does not take", "fifo",
	  "the read empties the device whatever was asked for",
	  pieces },
	{ "sync.wrap", "bytes survive the end of the ring", "fifo",
	  "a copy in one piece across the end of the buffer",
	  wraps },
	{ "sync.nothing", "no bytes are read or written at once", "fifo",
	  "the length is not looked at before waiting",
	  nothing },
	{ "sync.large-write", "what went in is counted", "fifo",
	  "the count is what was asked for, or what did not fit is thrown away",
	  large_write },
	{ "sync.efault-read", "bad memory gives EFAULT on read", "read",
	  "the return value of copy_to_user() or copy_to_iter() is not used",
	  bad_read },
	{ "sync.efault-keeps", "what could not be delivered stays", "fifo",
	  "the read position moves by what was asked for and not by what was copied",
	  bad_read_keeps },
	{ "sync.efault-write", "bad memory gives EFAULT on write", "write",
	  "the return value of copy_from_user() or copy_from_iter() is not used",
	  bad_write },
	{ "sync.nowait", "RWF_NOWAIT never waits", "read",
	  "IOCB_NOWAIT is not looked at although FMODE_NOWAIT is set",
	  nowait },
	{ 0 }
};
