// SPDX-License-Identifier: EPL-2.0
/*
 * Asynchronous notification, as a program uses it: own the descriptor, choose a real-time signal
 * with F_SETSIG (it carries fd and band, and it queues), set O_ASYNC, take the signals.
 *
 * One thread owns all signals of all devices. Signals are blocked in every thread and read through
 * a signalfd, which gives the signals of the thread that reads it: F_SETOWN_EX names that thread.
 *
 * - One signal number for all: with two, a long queue of one makes each dequeue of the other slow.
 * - When the queue of signals is full the kernel falls back to plain SIGIO. It comes ahead of what
 *   is queued and says nothing of how many: OVERFLOW, then a poll of all devices.
 * - A device is disarmed, then a signal of our own is queued behind its last ones. When that one
 *   comes out, no event of the device can follow and its descriptor's number may be used again.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"

/* Not SIGRTMIN itself: libraries and runtimes take from the lower end. */
#define WATCH_SIGNAL	(SIGRTMIN + 6)
#define BATCH		64
/* Reads in one go; a device that always has something must not starve the others. */
#define DRAIN_READS	64
#define READ_MAX	(1024 * 1024)
/* Nanoseconds after which a read that was not to block is taken for one that does. */
#define READ_STUCK	3000000000ULL
#define LOOK_AGAIN	100000000ULL

struct device {
	uint32_t stream;
	int fd;
	uint8_t *buffer;	/* of the read calls; NULL unless draining */
	uint32_t read_bytes;
	uint64_t reads;
	bool gone;
	bool leaving;
	struct device *next;
};

/*
 * Notes of ours among the signals: go on to drain a stream, or a fence's number with this bit, or
 * say how many signals were taken before.
 */
#define NOTE_FENCE	0x40000000
#define NOTE_TAKEN	0x20000000
#define NOTE_VALUE	0x1fffffff
/* How long trace.c waits for the watcher to come to a note. */
#define NOTE_WAIT	1000000000ULL

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct device *devices;
static uint32_t last_stream;
static uint32_t fences_asked;
static uint32_t fences_passed;
/* Signals of devices that were taken, and how many of them before the last note that asked. */
static uint64_t taken;
static uint64_t taken_at_note;
static uint32_t notes_asked;
static uint32_t notes_passed;
static int signals = -1;
/* When the read began that the watcher is in; 0 when it is in none. */
static uint64_t reading_since;
static pid_t watcher;
static bool watching;

static struct device *by_stream(uint32_t stream)
{
	struct device *device = devices;

	while (device && device->stream != stream)
		device = device->next;
	return device;
}

static struct device *by_fd(int fd)
{
	struct device *device = devices;

	while (device && device->fd != fd)
		device = device->next;
	return device;
}

/* Queues a note to the watcher, behind all signals that are queued now. */
static int note_queue(int note)
{
	siginfo_t info = { .si_code = SI_QUEUE, .si_pid = getpid(), .si_uid = getuid() };

	info.si_signo = WATCH_SIGNAL;
	info.si_value.sival_int = note;
	return syscall(SYS_rt_tgsigqueueinfo, getpid(), watcher, WATCH_SIGNAL, &info);
}

static void gone(struct device *device)
{
	if (!device->gone)
		emit(now(), EVENT_DEVICE_GONE, 0, device->stream, 0, 0, 0);
	device->gone = true;
}

/*
 * With the lock released: a driver that ignores O_NONBLOCK must not hold up those who only want the
 * list. The device stays: nobody disposes of one before a fence, which is behind this read.
 */
static ssize_t read_once(struct device *device)
{
	ssize_t n;

	reading_since = now();
	pthread_mutex_unlock(&lock);
	n = read(device->fd, device->buffer, device->read_bytes);
	if (n < 0)
		n = -errno;
	pthread_mutex_lock(&lock);
	reading_since = 0;
	return n;
}

/* Reads until the device has no more or had its share; returns what the last read did. */
static ssize_t drain_some(struct device *device)
{
	ssize_t n = 0;

	for (int i = 0; i < DRAIN_READS && !device->gone; i++) {
		uint64_t number = ++device->reads;

		emit(now(), EVENT_READ_START, 0, device->stream, number, 0, 0);
		n = read_once(device);
		emit(now(), EVENT_READ_END, 0, device->stream, number, n, 0);
		if (n == -ENODEV || n == -ENXIO)
			gone(device);
		if (n <= 0)
			break;
	}
	return n;
}

static void drain(struct device *device)
{
	ssize_t n;

	/* When there is more, go on behind the signals that wait, or at once when no note fits. */
	do {
		n = drain_some(device);
	} while (n > 0 && note_queue(device->stream));
}

static void readiness(struct device *device, uint64_t time, int code, uint32_t band, int flags,
		      uint64_t number)
{
	enum event_kind kind = EVENT_SIGIO_OTHER;

	if (code == POLL_IN)
		kind = EVENT_SIGIO_IN;
	else if (code == POLL_OUT)
		kind = EVENT_SIGIO_OUT;
	emit(time, kind, flags, device->stream, number, 0, band);
	if (code == POLL_HUP)
		gone(device);
	else if (code == POLL_IN && device->buffer)
		drain(device);
}

static void resync(void)
{
	for (struct device *device = devices; device; device = device->next) {
		struct pollfd state = { .fd = device->fd, .events = POLLIN | POLLOUT | POLLPRI };

		if (poll(&state, 1, 0) <= 0)
			continue;
		if (state.revents & (POLLHUP | POLLERR | POLLPRI))
			readiness(device, now(), state.revents & POLLHUP ? POLL_HUP : POLL_PRI,
				  state.revents, EVENT_FLAG_RESYNC, 0);
		if (state.revents & POLLOUT)
			readiness(device, now(), POLL_OUT, POLLOUT, EVENT_FLAG_RESYNC, 0);
		if (state.revents & POLLIN)
			readiness(device, now(), POLL_IN, POLLIN, EVENT_FLAG_RESYNC, 0);
	}
}

static void noted(int note)
{
	struct device *device;

	if (note & NOTE_FENCE) {
		fences_passed = note & NOTE_VALUE;
		pthread_cond_broadcast(&changed);
		return;
	}
	if (note & NOTE_TAKEN) {
		notes_passed = note & NOTE_VALUE;
		taken_at_note = taken;
		pthread_cond_broadcast(&changed);
		return;
	}
	device = by_stream(note);
	if (device && !device->leaving)
		drain(device);
}

static void take(const struct signalfd_siginfo *info, uint64_t time)
{
	struct device *device;

	if (info->ssi_code == SI_QUEUE && info->ssi_pid == (uint32_t)getpid()) {
		noted(info->ssi_int);
	} else if (info->ssi_code >= POLL_IN && info->ssi_code <= POLL_HUP) {
		taken++;
		device = by_fd(info->ssi_fd);
		if (device)
			readiness(device, time, info->ssi_code, info->ssi_band, 0,
				  trace_running() ? taken : 0);
	}
}

static void *watch_main(void *argument)
{
	struct signalfd_siginfo batch[BATCH];

	(void)argument;
	pthread_mutex_lock(&lock);
	watcher = syscall(SYS_gettid);
	watching = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	for (;;) {
		ssize_t n = read(signals, batch, sizeof(batch));
		uint64_t time = now();
		bool overflow = false;

		if (n < 0 && errno != EINTR)
			die("signalfd: %s", strerror(errno));
		pthread_mutex_lock(&lock);
		for (int i = 0; i < n / (ssize_t)sizeof(*batch); i++) {
			if (batch[i].ssi_signo == SIGIO) {
				emit(time, EVENT_OVERFLOW, 0, 0, 0, 0, 0);
				overflow = true;
			} else {
				take(&batch[i], time);
			}
		}
		if (overflow)
			resync();
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int watch_start(void)
{
	sigset_t mask;
	int error;

	sigemptyset(&mask);
	sigaddset(&mask, WATCH_SIGNAL);
	sigaddset(&mask, SIGIO);
	signals = signalfd(-1, &mask, SFD_CLOEXEC);
	if (signals < 0)
		return errno;
	error = thread_start(watch_main, NULL);
	if (error)
		return error;
	pthread_mutex_lock(&lock);
	while (!watching)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	return 0;
}

/* For both directions when it can be: some drivers tell only those of what they may do. */
static int device_open(const char *path)
{
	int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 && (errno == EACCES || errno == EINVAL || errno == EROFS || errno == EPERM))
		fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	return fd;
}

static void unlist(struct device *device)
{
	struct device **link = &devices;

	pthread_mutex_lock(&lock);
	while (*link && *link != device)
		link = &(*link)->next;
	if (*link)
		*link = device->next;
	pthread_mutex_unlock(&lock);
}

static void dispose(struct device *device)
{
	close(device->fd);
	free(device->buffer);
	free(device);
}

static int notify(struct device *device, bool on)
{
	struct f_owner_ex owner = { .type = F_OWNER_TID, .pid = watcher };
	int flags = fcntl(device->fd, F_GETFL);

	if (flags < 0)
		return -1;
	if (!on)
		return fcntl(device->fd, F_SETFL, flags & ~O_ASYNC);
	if (fcntl(device->fd, F_SETOWN_EX, &owner) || fcntl(device->fd, F_SETSIG, WATCH_SIGNAL) ||
	    fcntl(device->fd, F_SETFL, flags | O_ASYNC))
		return -1;
	/* Without fasync in the driver F_SETFL says yes and O_ASYNC is not set. */
	flags = fcntl(device->fd, F_GETFL);
	if (flags >= 0 && !(flags & O_ASYNC)) {
		errno = ENOTSUP;
		return -1;
	}
	return flags < 0 ? -1 : 0;
}

/* With the lock held: whether the watcher is in a read that does not return. */
static bool is_stuck(void)
{
	return reading_since && now() - reading_since > READ_STUCK;
}

/* Queues the fence; false when the queue is full and the watcher does not empty it. */
static bool fence_queue(uint32_t number)
{
	struct timespec moment = { .tv_nsec = 1000000 };
	bool stuck = false;

	while (!stuck && note_queue(NOTE_FENCE | number)) {
		if (errno != EAGAIN)
			die("rt_tgsigqueueinfo: %s", strerror(errno));
		nanosleep(&moment, NULL);
		pthread_mutex_lock(&lock);
		stuck = is_stuck();
		pthread_mutex_unlock(&lock);
	}
	return !stuck;
}

/*
 * Waits until the watcher has handled all signals that are queued now; false when it cannot get to
 * them because a driver's read() does not return.
 */
bool watch_fence(void)
{
	static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
	struct timespec until;
	uint32_t number;
	bool passed;

	/* One at a time, so that the number that has passed is the one waited for. */
	pthread_mutex_lock(&turn);
	number = ++fences_asked & NOTE_VALUE;
	passed = fence_queue(number);
	pthread_mutex_lock(&lock);
	while (passed && fences_passed != number) {
		uint64_t next = now() + LOOK_AGAIN;

		until.tv_sec = next / 1000000000;
		until.tv_nsec = next % 1000000000;
		pthread_cond_clockwait(&changed, &lock, CLOCK_MONOTONIC, &until);
		passed = fences_passed == number || !is_stuck();
	}
	pthread_mutex_unlock(&lock);
	pthread_mutex_unlock(&turn);
	return passed;
}

/*
 * Off the list and, when the watcher cannot be in the middle of it any more, out of memory. One
 * that the watcher does not come back from stays: its thread still has it.
 */
static void retire(struct device *device)
{
	unlist(device);
	if (watch_fence())
		dispose(device);
}

bool watch_is_mine(int signal, pid_t thread)
{
	return signal == WATCH_SIGNAL && thread == watcher;
}

uint32_t watch_only_stream(void)
{
	uint32_t stream = 0;

	pthread_mutex_lock(&lock);
	if (devices && !devices->next)
		stream = devices->stream;
	pthread_mutex_unlock(&lock);
	return stream;
}

bool watch_note_taken(void)
{
	uint32_t number = (notes_asked + 1) & NOTE_VALUE;

	if (note_queue(NOTE_TAKEN | number))
		return false;
	notes_asked = number;
	return true;
}

bool watch_taken_before_note(uint64_t *number)
{
	uint64_t until = now() + NOTE_WAIT;
	struct timespec limit = { .tv_sec = until / 1000000000, .tv_nsec = until % 1000000000 };
	int error = 0;
	bool passed;

	pthread_mutex_lock(&lock);
	while (notes_passed != notes_asked && !error)
		error = pthread_cond_clockwait(&changed, &lock, CLOCK_MONOTONIC, &limit);
	passed = notes_passed == notes_asked;
	*number = taken_at_note;
	pthread_mutex_unlock(&lock);
	return passed;
}

static struct device *device_new(int fd, bool draining, uint32_t read_bytes)
{
	struct device *device = calloc(1, sizeof(*device));

	if (!device)
		return NULL;
	device->fd = fd;
	device->read_bytes = read_bytes;
	if (draining)
		device->buffer = malloc(read_bytes);
	if (draining && !device->buffer) {
		free(device);
		return NULL;
	}
	pthread_mutex_lock(&lock);
	device->stream = ++last_stream;
	device->next = devices;
	devices = device;
	pthread_mutex_unlock(&lock);
	return device;
}

void watch_arm(const struct request *request)
{
	struct reader reader = reader_of(request);
	uint32_t flags = read_u32(&reader);
	uint32_t read_bytes = read_u32(&reader);
	const char *path = read_string(&reader);
	struct device *device;
	uint8_t payload[4];
	int error;
	int fd;

	if (reader.bad || read_bytes > READ_MAX || (flags & ARM_DRAIN && !read_bytes)) {
		reply_error(request->id, EINVAL, "reads are of 1 to %d bytes", READ_MAX);
		return;
	}
	fd = device_open(path);
	if (fd < 0) {
		reply_error(request->id, errno, "cannot open %s: %s", path, strerror(errno));
		return;
	}
	device = device_new(fd, flags & ARM_DRAIN, read_bytes);
	if (!device) {
		close(fd);
		reply_error(request->id, ENOMEM, "no memory to watch %s", path);
		return;
	}
	if (notify(device, true)) {
		error = errno;
		retire(device);
		if (error == ENOTSUP)
			reply_error(request->id, error,
				    "%s has no asynchronous notification: its driver has no fasync(), so O_ASYNC was silently not set",
				    path);
		else
			reply_error(request->id, error, "cannot arm %s: %s", path, strerror(error));
		return;
	}
	put_u32(payload, device->stream);
	reply_ok(request->id, payload, sizeof(payload));
}

void watch_disarm(const struct request *request)
{
	struct reader reader = reader_of(request);
	uint32_t stream = read_u32(&reader);
	struct device *device;

	pthread_mutex_lock(&lock);
	device = by_stream(stream);
	/* Only the first who asks gets it. */
	if (device && device->leaving)
		device = NULL;
	if (device)
		device->leaving = true;
	pthread_mutex_unlock(&lock);
	if (reader.bad || !device) {
		reply_error(request->id, ENOENT, "no device is armed as stream %u", stream);
		return;
	}
	notify(device, false);
	if (!watch_fence()) {
		reply_error(request->id, ETIMEDOUT,
			    "read() does not return although O_NONBLOCK is set: the driver ignores it");
		return;
	}
	retire(device);
	reply_ok(request->id, NULL, 0);
}
