// SPDX-License-Identifier: EPL-2.0
/*
 * The kernel's log, from /dev/kmsg (Documentation/ABI/testing/dev-kmsg): one record per read, as
 * "prefix,sequence,microseconds,flags;text". Every line goes to the host; the kernel's own lines
 * become KERNEL_LOG events, too.
 *
 * The times in the log are of the scheduler's clock, those of events of CLOCK_MONOTONIC. A line of
 * our own, written between two looks at the latter, tells how far they are apart.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"

#define RECORD_MAX	8192
#define BATCH_BYTES	(32 * 1024)
#define LINE_ROOM	(FRAME_HEADER_BYTES + 20 + RECORD_MAX)

struct line {
	unsigned int level;
	bool of_kernel;
	uint64_t sequence;
	uint64_t time;
	char *text;
};

struct log {
	int fd;
	uint64_t expected;
	uint64_t last_time;
	bool started;
	bool calibrated;
	int64_t to_monotonic;
	uint64_t calibration_time;
	char calibration[64];
	uint8_t batch[BATCH_BYTES + LINE_ROOM];
	size_t batched;
};

static struct log log_state;

static int hex(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	return -1;
}

/* The kernel writes what is not printable as \xNN. */
static void unescape(char *text)
{
	char *to = text;

	while (*text) {
		int value = 0;

		if (text[0] == '\\' && text[1] == 'x' && hex(text[2]) >= 0 && hex(text[3]) >= 0)
			value = hex(text[2]) << 4 | hex(text[3]);
		*to++ = value ? value : *text;
		text += value ? 4 : 1;
	}
	*to = 0;
}

static bool parse(char *record, struct line *line)
{
	unsigned int prefix;
	uint64_t micros;

	if (sscanf(record, "%u,%" SCNu64 ",%" SCNu64 ",", &prefix, &line->sequence, &micros) != 3)
		return false;
	line->text = strchr(record, ';');
	if (!line->text)
		return false;
	line->text++;
	/* Lines that follow hold the record's dictionary. */
	line->text[strcspn(line->text, "\n")] = 0;
	unescape(line->text);
	line->level = prefix & 7;
	line->of_kernel = prefix >> 3 == 0;
	line->time = micros * 1000;
	return true;
}

static void batch_send(struct log *log)
{
	if (log->batched)
		frame_send_raw(log->batch, log->batched);
	log->batched = 0;
}

static void batch_add(struct log *log, const struct line *line)
{
	size_t length = strlen(line->text) + 1;
	uint8_t *at = log->batch + log->batched;

	at = frame_put(at, FRAME_LOG, 0, 20 + length);
	at = put_u64(at, line->sequence);
	at = put_u64(at, line->time);
	at = put_u32(at, line->level);
	memcpy(at, line->text, length);
	log->batched = at + length - log->batch;
	if (log->batched >= BATCH_BYTES)
		batch_send(log);
}

static void note_gap(struct log *log, const struct line *line)
{
	char text[128];
	struct line note = {
		.level = 4,
		.sequence = log->expected,
		.time = line->time,
		.text = text,
	};

	snprintf(text, sizeof(text),
		 "kmodscope: %" PRIu64 " lines of the kernel log were overwritten before they were read",
		 line->sequence - log->expected);
	batch_add(log, &note);
}

/* The lines stop: say so where they would have been. */
static void note_end(struct log *log, int error)
{
	char text[128];
	struct line note = {
		.level = 4,
		.sequence = log->expected,
		.time = log->last_time,
		.text = text,
	};

	snprintf(text, sizeof(text), "kmodscope: the kernel log cannot be read any more: %s",
		 strerror(error));
	batch_add(log, &note);
	batch_send(log);
}

static void take(struct log *log, struct line *line)
{
	if (log->started && line->sequence > log->expected)
		note_gap(log, line);
	log->started = true;
	log->expected = line->sequence + 1;
	log->last_time = line->time;
	if (!line->of_kernel && !strcmp(line->text, log->calibration)) {
		log->to_monotonic = log->calibration_time - line->time;
		log->calibrated = true;
		return;
	}
	if (line->of_kernel && log->calibrated)
		emit(line->time + log->to_monotonic, EVENT_KERNEL_LOG, 0, 0, line->sequence,
		     line->level, 0);
	batch_add(log, line);
}

static void *klog_main(void *argument)
{
	static char record[RECORD_MAX + 1];
	struct log *log = argument;
	struct pollfd ready = { .fd = log->fd, .events = POLLIN };

	for (;;) {
		ssize_t n = read(log->fd, record, RECORD_MAX);
		struct line line;

		if (n > 0) {
			record[n] = 0;
			if (parse(record, &line))
				take(log, &line);
		} else if (n < 0 && errno == EAGAIN) {
			batch_send(log);
			poll(&ready, 1, -1);
		} else if (n == 0 || (errno != EPIPE && errno != EINTR)) {
			/* EPIPE: records were overwritten; the next one's number tells how many. */
			note_end(log, n ? errno : ENODATA);
			return NULL;
		}
	}
}

static void calibrate(struct log *log)
{
	uint64_t before;
	uint64_t after;

	snprintf(log->calibration, sizeof(log->calibration), "kmodscope-agent %d", getpid());
	before = now();
	/* Forbidden in some places; then there are no KERNEL_LOG events, but the lines still come. */
	if (write(log->fd, log->calibration, strlen(log->calibration)) < 0)
		return;
	after = now();
	log->calibration_time = before + (after - before) / 2;
}

int klog_start(void)
{
	struct log *log = &log_state;

	log->fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (log->fd < 0)
		log->fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log->fd < 0)
		return errno;
	/* A lab's whole log is the session's; a machine that was there before had other concerns. */
	if (getpid() != 1)
		lseek(log->fd, 0, SEEK_END);
	calibrate(log);
	return thread_start(klog_main, log);
}

int klog_mark(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

void klog_since(int mark, char *text, size_t size)
{
	char record[RECORD_MAX + 1];
	size_t used = 0;

	text[0] = 0;
	while (mark >= 0) {
		ssize_t n = read(mark, record, RECORD_MAX);
		struct line line;

		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n <= 0)
			return;
		record[n] = 0;
		if (!parse(record, &line) || !line.of_kernel)
			continue;
		n = snprintf(text + used, size - used, "%s%s", used ? "\n" : "", line.text);
		if (n < 0 || (size_t)n >= size - used)
			return;
		used += n;
	}
}
