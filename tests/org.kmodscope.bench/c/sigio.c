// SPDX-License-Identifier: EPL-2.0
/*
 * sigio signalfd|sigwaitinfo FIFO SHARED COUNT LATENCY BURST: receives the signals of the writer.
 *
 * signalfd takes 64 signals in a call, as the bridge does; sigwaitinfo one. With LATENCY 1 the time
 * from the write to here is kept for each event; with 0 nothing but counting is measured. With a
 * BURST it looks again when so many have been queued; the CPU time of this waiting does not count.
 */
#include "common.h"
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>

#define BATCH 64
#define LIMIT_SECONDS 120

struct receiver {
	struct shared *s;
	uint64_t *latency; /* NULL when not asked for */
	uint64_t got, count, burst, overflows, wall, cpu;
};

static void await_burst(struct receiver *r)
{
	uint64_t before = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	uint64_t wanted = r->got + r->burst;

	if (wanted > r->count)
		wanted = r->count;
	while (atomic_load_explicit(&r->s->queued, memory_order_acquire) < wanted)
		usleep(100);
	r->cpu += clock_ns(CLOCK_PROCESS_CPUTIME_ID) - before;
}

static void event(struct receiver *r)
{
	if (!r->got) {
		r->wall = now_ns();
		r->cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	}
	if (r->latency)
		r->latency[r->got] = now_ns() - r->s->sent_at[r->got % SLOTS];
	r->got++;
	/* Before the writer hears of it and ends. */
	if (r->got == r->count) {
		r->wall = now_ns() - r->wall;
		r->cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - r->cpu;
	}
	atomic_store_explicit(&r->s->consumed, r->got, memory_order_release);
	if (r->burst && r->got % r->burst == 0 && r->got < r->count)
		await_burst(r);
}

static void receive_batches(struct receiver *r, const sigset_t *set)
{
	struct signalfd_siginfo batch[BATCH];
	int fd = signalfd(-1, set, SFD_CLOEXEC);

	if (fd < 0)
		die("signalfd");
	while (r->got < r->count) {
		ssize_t bytes = read(fd, batch, sizeof(batch));

		if (bytes < 0 && errno != EINTR)
			die("read");
		for (ssize_t i = 0; i < bytes / (ssize_t)sizeof(batch[0]); i++) {
			if (batch[i].ssi_signo == SIGIO)
				r->overflows++;
			else if (batch[i].ssi_band & POLL_IN)
				event(r);
		}
	}
	close(fd);
}

static void receive_singly(struct receiver *r, const sigset_t *set)
{
	siginfo_t info;

	while (r->got < r->count) {
		int sig = sigwaitinfo(set, &info);

		if (sig < 0 && errno != EINTR)
			die("sigwaitinfo");
		if (sig == SIGIO)
			r->overflows++;
		else if (sig > 0 && info.si_band & POLL_IN)
			event(r);
	}
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	struct receiver r = { .got = 0 };
	struct f_owner_ex owner = { .type = F_OWNER_TID };
	int sig = SIGRTMIN + 6, fd;
	sigset_t set;

	if (argc != 7) {
		fprintf(stderr, "usage: sigio signalfd|sigwaitinfo FIFO SHARED COUNT LATENCY BURST\n");
		return 2;
	}
	alarm(LIMIT_SECONDS);
	r.s = map_shared(argv[3]);
	r.count = number(argv[4]);
	r.burst = number(argv[6]);
	if (number(argv[5])) {
		r.latency = calloc(r.count, sizeof(*r.latency));
		if (!r.latency)
			die("calloc");
	}
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigaddset(&set, SIGIO);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = open(argv[2], O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		die(argv[2]);
	owner.pid = (pid_t)syscall(SYS_gettid);
	if (fcntl(fd, F_SETOWN_EX, &owner) || fcntl(fd, F_SETSIG, sig) ||
	    fcntl(fd, F_SETFL, O_NONBLOCK | O_ASYNC))
		die("fcntl");
	atomic_store(&r.s->ready, 1);
	if (!strcmp(argv[1], "signalfd"))
		receive_batches(&r, &set);
	else
		receive_singly(&r, &set);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	printf("{\"events\":%llu,\"nanos\":%llu,\"cpu\":%llu,\"overflows\":%llu,\"p50\":",
	       (unsigned long long)r.got, (unsigned long long)r.wall,
	       (unsigned long long)r.cpu, (unsigned long long)r.overflows);
	if (r.latency) {
		qsort(r.latency, r.count, sizeof(*r.latency), compare);
		printf("%llu}\n", (unsigned long long)r.latency[r.count / 2]);
		free(r.latency);
	} else {
		printf("0}\n");
	}
	return 0;
}
