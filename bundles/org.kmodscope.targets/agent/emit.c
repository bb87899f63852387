// SPDX-License-Identifier: EPL-2.0
/*
 * Events on their way to the host. Threads that meet an event put it into a bounded ring and go on;
 * one writer thread empties the ring. While the ring is full, events are counted, and the count
 * follows as a LOST record as soon as there is room. What is counted gets no sequence number: a gap
 * in the numbers means that the channel lost something besides.
 */
#include <endian.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"

#define RING_RECORDS	65536
/* Room that only news of loss may use: an OVERFLOW that is itself lost would understate it. */
#define RING_RESERVED	64
#define BATCH_RECORDS	512

static struct event_record ring[RING_RECORDS];
static size_t head;
static size_t used;
static uint32_t next_seq;
static uint64_t lost;
/* What was dropped stood for a number that nobody knows. */
static bool lost_unknown;
static uint64_t lost_first;
static uint64_t lost_last;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static int out = -1;

uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static void push(uint64_t time, enum event_kind kind, unsigned int flags, uint32_t stream,
		 uint64_t request, int64_t result, uint32_t band)
{
	ring[(head + used++) % RING_RECORDS] = (struct event_record){
		.time = htole64(time),
		.kind = htole16(kind),
		.flags = htole16(flags),
		.stream = htole32(stream),
		.request = htole64(request),
		.result = htole64(result),
		.band = htole32(band),
		.seq = htole32(next_seq++),
	};
}

static void push_lost(void)
{
	push(lost_last, EVENT_LOST, lost_unknown ? EVENT_FLAG_COUNT_UNKNOWN : 0, 0,
	     lost_last - lost_first, lost, 0);
	lost = 0;
	lost_unknown = false;
}

static bool owing(void)
{
	return lost || lost_unknown;
}

static void count_lost(uint64_t time, enum event_kind kind)
{
	if (!owing()) {
		lost_first = time;
		lost_last = time;
	}
	/* An OVERFLOW is no event of the device: it is handed on, not counted as one. */
	if (kind == EVENT_OVERFLOW)
		lost_unknown = true;
	else
		lost++;
	/* Threads take their times before they come here: these are not always in order. */
	if (time < lost_first)
		lost_first = time;
	if (time > lost_last)
		lost_last = time;
}

static bool is_news_of_loss(enum event_kind kind)
{
	return kind == EVENT_OVERFLOW || kind == EVENT_DEVICE_GONE;
}

void emit(uint64_t time, enum event_kind kind, unsigned int flags, uint32_t stream,
	  uint64_t request, int64_t result, uint32_t band)
{
	size_t limit = RING_RECORDS - (is_news_of_loss(kind) ? 0 : RING_RESERVED);

	pthread_mutex_lock(&lock);
	if (used + (owing() ? 2 : 1) > limit) {
		count_lost(time, kind);
	} else {
		if (owing())
			push_lost();
		push(time, kind, flags, stream, request, result, band);
	}
	pthread_mutex_unlock(&lock);
	pthread_cond_signal(&filled);
}

uint32_t emit_sequence(void)
{
	uint32_t sequence;

	pthread_mutex_lock(&lock);
	if (owing() && used < RING_RECORDS)
		push_lost();
	/* With no room for it, the LOST that is owed is the next one to get a number. */
	sequence = next_seq + owing();
	pthread_mutex_unlock(&lock);
	pthread_cond_signal(&filled);
	return sequence;
}

static bool write_all(const void *bytes, size_t length)
{
	while (length) {
		ssize_t n = write(out, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = (const uint8_t *)bytes + n;
		length -= n;
	}
	return true;
}

static size_t take(struct event_record *batch)
{
	size_t count = 0;

	pthread_mutex_lock(&lock);
	while (!used && !owing())
		pthread_cond_wait(&filled, &lock);
	for (; used && count < BATCH_RECORDS; used--, count++) {
		batch[count] = ring[head];
		head = (head + 1) % RING_RECORDS;
	}
	if (owing())
		push_lost();
	pthread_mutex_unlock(&lock);
	return count;
}

static void *writer_main(void *argument)
{
	const struct event_header header = {
		.magic = htole32(EVENT_MAGIC),
		.version = htole16(EVENT_VERSION),
		.record_bytes = htole16(EVENT_RECORD_BYTES),
	};
	static struct event_record batch[BATCH_RECORDS];
	bool open = write_all(&header, sizeof(header));

	(void)argument;
	/* With no reader left the ring fills and counts; the main loop decides when to end. */
	while (open) {
		size_t count = take(batch);

		open = write_all(batch, count * sizeof(*batch));
	}
	return NULL;
}

int emit_start(int fd)
{
	out = fd;
	return thread_start(writer_main, NULL);
}
