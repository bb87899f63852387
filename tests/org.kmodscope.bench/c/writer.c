// SPDX-License-Identifier: EPL-2.0
/*
 * writer FIFO SHARED COUNT RATE WINDOW BURST: causes COUNT signals by writing a byte each.
 *
 * RATE is events per second, 0 as fast as it goes. It never is more than WINDOW events ahead of
 * the receiver, so that nothing is lost; a WINDOW of 0 does not look at the receiver at all. With a
 * BURST it writes so many, tells so, and waits until all have been taken.
 */
#include "common.h"
#include <sched.h>

#define PATIENCE_NS 10000000000ull
#define SPIN_NS 60000u /* a sleep ends about that late: the rest is waited for awake */
#define DRAIN_EVERY 8192u /* bytes, well below what a pipe holds */

static void await_ready(struct shared *s)
{
	uint64_t start = now_ns();

	while (!atomic_load(&s->ready)) {
		if (now_ns() - start > PATIENCE_NS) {
			fprintf(stderr, "the receiver did not start\n");
			exit(1);
		}
		usleep(500);
	}
}

static void await_due(uint64_t due)
{
	for (uint64_t now = now_ns(); now < due; now = now_ns()) {
		if (due - now > 2 * SPIN_NS) {
			struct timespec t = { .tv_nsec = 0 };

			t.tv_sec = (time_t)((due - now - SPIN_NS) / 1000000000u);
			t.tv_nsec = (long)((due - now - SPIN_NS) % 1000000000u);
			nanosleep(&t, NULL);
		}
	}
}

/* Waits until the receiver has taken that many; returns how often it looked in vain. */
static uint64_t await_consumed(struct shared *s, uint64_t wanted)
{
	uint64_t looks = 0, since = 0, seen = 0, got;

	while ((got = atomic_load_explicit(&s->consumed, memory_order_acquire)) < wanted) {
		uint64_t now = now_ns();

		if (!looks++ || got != seen) {
			seen = got;
			since = now;
		} else if (now - since > PATIENCE_NS) {
			fprintf(stderr, "the receiver stands still after %llu events of %llu\n",
				(unsigned long long)got, (unsigned long long)wanted);
			exit(1);
		}
		sched_yield();
	}
	return looks;
}

int main(int argc, char **argv)
{
	static char drained[DRAIN_EVERY];
	uint64_t count, rate, window, burst, start, stalls = 0, reads = 0;
	struct shared *s;
	int fd;

	if (argc != 7) {
		fprintf(stderr, "usage: writer FIFO SHARED COUNT RATE WINDOW BURST\n");
		return 2;
	}
	s = map_shared(argv[2]);
	count = number(argv[3]);
	rate = number(argv[4]);
	window = number(argv[5]);
	burst = number(argv[6]);
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die(argv[1]);
	await_ready(s);
	start = now_ns();
	for (uint64_t i = 0; i < count; i++) {
		if (rate)
			await_due(start + i * 1000000000u / rate);
		if (window && i >= window)
			stalls += await_consumed(s, i - window + 1) > 0;
		s->sent_at[i % SLOTS] = now_ns();
		if (write(fd, "x", 1) != 1)
			die("write");
		if (i % DRAIN_EVERY == DRAIN_EVERY - 1) {
			/* Signals the other way round, too: POLL_OUT. */
			if (read(fd, drained, DRAIN_EVERY) < 0)
				die("read");
			reads++;
		}
		if (burst && (i % burst == burst - 1 || i == count - 1)) {
			atomic_store_explicit(&s->queued, i + 1, memory_order_release);
			await_consumed(s, i + 1);
		}
	}
	if (window)
		await_consumed(s, count);
	printf("{\"sent\":%llu,\"reads\":%llu,\"stalls\":%llu}\n", (unsigned long long)count,
	       (unsigned long long)reads, (unsigned long long)stalls);
	return 0;
}
