// SPDX-License-Identifier: EPL-2.0
/*
 * Writes to a device, evenly spaced on a grid that starts with the first one: a write that was late
 * does not move those after it. Every write call that takes place is a WRITE_START and a WRITE_END
 * with the same number; when the device is full, the end comes after the wait for it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "agent.h"

#define WRITE_MAX	(1024 * 1024)
#define NO_LIMIT	(-1)
#define THREADS		8

struct stimulus {
	uint32_t id;
	const char *path;
	uint64_t count;
	uint32_t bytes;
	uint64_t interval;
	int fd;
	int timer;
	int cancel;
	uint8_t *data;
	uint64_t due;
	uint64_t writes;
	uint64_t written;
	uint64_t waits;
	struct stimulus *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct stimulus *running;
/* Threads of the last stimuli: what the kernel tells of them may come when they have ended. */
static _Atomic pid_t threads[THREADS];
static _Atomic unsigned int last_thread;
/* Numbers the write calls of the session, from 1. */
static _Atomic uint64_t last_number;

/* Waits for the descriptor; whether the stimulus shall go on. */
static bool wait_for(struct stimulus *stimulus, int fd, short events, int limit_ms)
{
	struct pollfd fds[] = {
		{ .fd = stimulus->cancel, .events = POLLIN },
		{ .fd = fd, .events = events },
	};

	while (poll(fds, 2, limit_ms) < 0 && errno == EINTR)
		;
	return !fds[0].revents;
}

static bool wait_turn(struct stimulus *stimulus)
{
	uint64_t expired;

	while (stimulus->interval && !stimulus->due) {
		if (!wait_for(stimulus, stimulus->timer, POLLIN, NO_LIMIT))
			return false;
		if (read(stimulus->timer, &expired, sizeof(expired)) == sizeof(expired))
			stimulus->due = expired;
	}
	if (stimulus->interval)
		stimulus->due--;
	return wait_for(stimulus, -1, 0, 0);
}

/* One write call that is done or failed: bytes, -errno, or -ECANCELED when asked to stop. */
static ssize_t write_once(struct stimulus *stimulus)
{
	uint64_t number = atomic_fetch_add(&last_number, 1) + 1;
	int refused = 0;
	ssize_t n;

	emit(now(), EVENT_WRITE_START, 0, 0, number, 0, 0);
	for (;;) {
		n = write(stimulus->fd, stimulus->data, stimulus->bytes);
		if (n >= 0)
			break;
		n = -errno;
		if (n == -EINTR)
			continue;
		if (n != -EAGAIN)
			break;
		stimulus->waits++;
		n = -ECANCELED;
		/*
		 * A driver without poll() is always ready by what the kernel says. When readiness was
		 * wrong, wait a moment instead of asking again and again.
		 */
		if (refused++ ? !wait_for(stimulus, -1, 0, 1) :
				!wait_for(stimulus, stimulus->fd, POLLOUT, NO_LIMIT))
			break;
	}
	emit(now(), EVENT_WRITE_END, 0, 0, number, n, 0);
	return n;
}

static int timer_set(struct stimulus *stimulus, uint64_t start)
{
	struct itimerspec grid = {
		.it_value.tv_sec = start / 1000000000,
		.it_value.tv_nsec = start % 1000000000,
		.it_interval.tv_sec = stimulus->interval / 1000000000,
		.it_interval.tv_nsec = stimulus->interval % 1000000000,
	};

	return timerfd_settime(stimulus->timer, TFD_TIMER_ABSTIME, &grid, NULL);
}

static void drive(struct stimulus *stimulus)
{
	uint64_t start = now();
	uint8_t payload[32];
	uint8_t *at = payload;
	ssize_t n = 0;

	if (stimulus->interval && timer_set(stimulus, start)) {
		reply_error(stimulus->id, errno, "cannot set a timer: %s", strerror(errno));
		return;
	}
	while (stimulus->writes < stimulus->count && wait_turn(stimulus)) {
		n = write_once(stimulus);
		if (n < 0)
			break;
		stimulus->writes++;
		stimulus->written += n;
	}
	if (n < 0 && n != -ECANCELED) {
		reply_error(stimulus->id, -n, "write %llu of %llu to %s failed: %s",
			    (unsigned long long)stimulus->writes + 1,
			    (unsigned long long)stimulus->count, stimulus->path, strerror(-n));
		return;
	}
	at = put_u64(at, stimulus->writes);
	at = put_u64(at, stimulus->written);
	at = put_u64(at, stimulus->waits);
	put_u64(at, now() - start);
	reply_ok(stimulus->id, payload, sizeof(payload));
}

/* Lines of text, so that what arrives can be looked at. */
static void fill(uint8_t *data, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++)
		data[i] = i % 64 == 63 || i + 1 == bytes ? '\n' : 'a' + i % 26;
}

static struct stimulus *list(uint32_t id)
{
	struct stimulus *stimulus = calloc(1, sizeof(*stimulus));

	if (!stimulus)
		return NULL;
	stimulus->id = id;
	stimulus->fd = -1;
	stimulus->timer = -1;
	stimulus->cancel = eventfd(0, EFD_CLOEXEC);
	if (stimulus->cancel < 0) {
		free(stimulus);
		return NULL;
	}
	pthread_mutex_lock(&lock);
	stimulus->next = running;
	running = stimulus;
	pthread_mutex_unlock(&lock);
	return stimulus;
}

static struct stimulus *by_id(uint32_t id)
{
	struct stimulus *stimulus;

	pthread_mutex_lock(&lock);
	stimulus = running;
	while (stimulus->id != id)
		stimulus = stimulus->next;
	pthread_mutex_unlock(&lock);
	return stimulus;
}

static void unlist(struct stimulus *stimulus)
{
	struct stimulus **link = &running;

	pthread_mutex_lock(&lock);
	while (*link != stimulus)
		link = &(*link)->next;
	*link = stimulus->next;
	pthread_mutex_unlock(&lock);
	free(stimulus->data);
	close(stimulus->cancel);
	if (stimulus->timer >= 0)
		close(stimulus->timer);
	if (stimulus->fd >= 0)
		close(stimulus->fd);
	free(stimulus);
}

static void stimulate(const struct request *request)
{
	struct stimulus *stimulus = by_id(request->id);
	struct reader reader = reader_of(request);

	stimulus->count = read_u64(&reader);
	stimulus->bytes = read_u32(&reader);
	read_u32(&reader);
	stimulus->interval = read_u64(&reader);
	stimulus->path = read_string(&reader);
	if (reader.bad || !stimulus->bytes || stimulus->bytes > WRITE_MAX) {
		reply_error(request->id, EINVAL, "writes are of 1 to %d bytes", WRITE_MAX);
		goto out;
	}
	stimulus->fd = open(stimulus->path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (stimulus->fd < 0) {
		reply_error(request->id, errno, "cannot open %s for writing: %s", stimulus->path,
			    strerror(errno));
		goto out;
	}
	stimulus->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	stimulus->data = malloc(stimulus->bytes);
	if (stimulus->timer < 0 || !stimulus->data) {
		reply_error(request->id, ENOMEM, "no memory or descriptors for a stimulus");
		goto out;
	}
	fill(stimulus->data, stimulus->bytes);
	threads[last_thread++ % THREADS] = syscall(SYS_gettid);
	drive(stimulus);
out:
	unlist(stimulus);
}

bool stimulus_is_thread(pid_t thread)
{
	for (int i = 0; i < THREADS; i++) {
		if (threads[i] == thread)
			return true;
	}
	return false;
}

/* On the main thread, which also cancels: one that it started can always be found. */
void stimulate_start(const struct request *request)
{
	struct stimulus *stimulus = list(request->id);

	if (!stimulus)
		reply_error(request->id, ENOMEM, "no memory or descriptors for a stimulus");
	else if (!job_start(request, stimulate))
		unlist(stimulus);
}

void stimulate_cancel(const struct request *request)
{
	struct reader reader = reader_of(request);
	uint32_t id = read_u32(&reader);

	pthread_mutex_lock(&lock);
	for (struct stimulus *stimulus = running; stimulus; stimulus = stimulus->next) {
		if (stimulus->id == id)
			eventfd_write(stimulus->cancel, 1);
	}
	pthread_mutex_unlock(&lock);
	/* One that has ended meanwhile is as good. */
	reply_ok(request->id, NULL, 0);
}
