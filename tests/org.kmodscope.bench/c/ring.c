// SPDX-License-Identifier: EPL-2.0
/*
 * ring BURSTS UNCOUNTED BURST REST: hands records to another thread, as EventRing does, and tells
 * what that costs the writer.
 *
 * The reader rests for REST microseconds whenever it has emptied the ring; then the next burst
 * begins. How far apart the CPUs of the two are decides how long each line of the ring takes, and
 * the host of a virtual machine may move them at any time: round_trip, a word's way to the
 * reader's CPU and back, is measured after each burst. Both figures are the least of a burst.
 */
#include "common.h"
#include <pthread.h>

#define PINGS 64
#define LIMIT_SECONDS 120

struct record {
	uint64_t time, head, request, result, tail;
};

/* x86 fetches cache lines in pairs, so what each thread writes has two of its own. */
struct ring {
	_Alignas(128) _Atomic uint64_t head;
	_Alignas(128) _Atomic uint64_t tail;
	_Alignas(128) uint64_t room_to;
	_Alignas(128) _Atomic uint64_t emptied, ping, pong;
	_Alignas(128) uint64_t bursts, burst, rest, sum;
	_Alignas(4096) struct record slots[SLOTS];
};

static struct ring ring;

/* Not inlined: a source calls its sink, too. */
static __attribute__((noinline)) int hand_over(struct ring *r, uint64_t time, uint64_t head,
					       uint64_t request, uint64_t result, uint64_t tail)
{
	uint64_t position = atomic_load_explicit(&r->tail, memory_order_relaxed);
	struct record *slot = &r->slots[position % SLOTS];

	if (position == r->room_to) {
		r->room_to = atomic_load_explicit(&r->head, memory_order_acquire) + SLOTS;
		if (position == r->room_to)
			return -1;
	}
	slot->time = time;
	slot->head = head;
	slot->request = request;
	slot->result = result;
	slot->tail = tail;
	atomic_store_explicit(&r->tail, position + 1, memory_order_release);
	return 0;
}

/* With a pause, as Java's onSpinWait has: without, x86 asks for the line so often that it is late. */
static void await(_Atomic uint64_t *word, uint64_t value)
{
	while (atomic_load_explicit(word, memory_order_acquire) != value) {
#ifdef __x86_64__
		__builtin_ia32_pause();
#endif
	}
}

static void *read_bursts(void *arg)
{
	struct ring *r = arg;
	uint64_t head = 0, told = 0, pings = 0;

	while (told < r->bursts * r->burst) {
		uint64_t tail = atomic_load_explicit(&r->tail, memory_order_acquire);

		if (head == tail && head == told + r->burst) {
			told = head;
			atomic_store(&r->emptied, told);
			for (int i = 0; i < PINGS; i++) {
				await(&r->ping, ++pings);
				atomic_store(&r->pong, pings);
			}
		}
		if (head == tail)
			usleep((useconds_t)r->rest);
		for (; head < tail; head++) {
			struct record *slot = &r->slots[head % SLOTS];

			r->sum += slot->time ^ slot->head ^ slot->request ^ slot->result ^
				  slot->tail;
		}
		atomic_store_explicit(&r->head, head, memory_order_release);
	}
	return NULL;
}

static double write_burst(struct ring *r)
{
	uint64_t begun = now_ns();

	for (uint64_t i = 0; i < r->burst; i++) {
		if (hand_over(r, i, 0x100000001, 0, 0, i << 16 | 1)) {
			fprintf(stderr, "a burst found no room\n");
			exit(1);
		}
	}
	return (double)(now_ns() - begun) / (double)r->burst;
}

static double exchange(struct ring *r)
{
	uint64_t begun = now_ns(), last = atomic_load(&r->pong) + PINGS;

	for (uint64_t next = last - PINGS + 1; next <= last; next++) {
		atomic_store(&r->ping, next);
		await(&r->pong, next);
	}
	return (double)(now_ns() - begun) / PINGS;
}

int main(int argc, char **argv)
{
	double least = 0, round_trip = 0;
	uint64_t uncounted;
	pthread_t reader;

	if (argc != 5) {
		fprintf(stderr, "usage: ring BURSTS UNCOUNTED BURST REST\n");
		return 2;
	}
	alarm(LIMIT_SECONDS);
	ring.bursts = number(argv[1]);
	uncounted = number(argv[2]);
	ring.burst = number(argv[3]);
	ring.rest = number(argv[4]);
	ring.room_to = SLOTS;
	errno = pthread_create(&reader, NULL, read_bursts, &ring);
	if (errno)
		die("pthread_create");
	for (uint64_t burst = 0; burst < ring.bursts; burst++) {
		double nanos = write_burst(&ring), away;

		await(&ring.emptied, (burst + 1) * ring.burst);
		away = exchange(&ring);
		if (burst < uncounted)
			continue;
		if (burst == uncounted || nanos < least)
			least = nanos;
		if (burst == uncounted || away < round_trip)
			round_trip = away;
	}
	errno = pthread_join(reader, NULL);
	if (errno)
		die("pthread_join");
	printf("{\"nanos\":%.3f,\"round_trip\":%.1f}\n", least, round_trip);
	return 0;
}
