// SPDX-License-Identifier: EPL-2.0
/*
 * What the kernel itself says of signals and work items, from a trace instance of our own.
 *
 * A program cannot know that two of its signals became one, or what a signal was sent for. The
 * kernel tells it with each signal that it generates: who sent it, in whose context, and whether it
 * was queued, merged with one that was pending, or dropped.
 *
 * Signals of one number to one thread are taken in the order in which they were queued. So the n-th
 * that was queued for the watcher is the n-th that it takes, and both records carry the number n:
 * they are joined exactly, whatever was lost between here and the host. When the kernel's own
 * buffer overruns, the count is lost; it is found again with a note that goes through the queue:
 *
 *	trace:    n n+1 (overrun) ? ? note  n  n+1 ...	not numbered until the note
 *	watcher:  n n+1    ?  ?    note n n+1 ...	says how many it had taken before the note
 *
 * Each CPU has a buffer of its own. An event is counted when all CPUs have been read since it
 * happened, so that the count follows the time; one that comes after its turn makes the count unsure,
 * as an overrun does.
 *
 * The buffer's pages are read as they are (trace_pipe_raw), because the text has microseconds and a
 * signal must not seem to come before the write that caused it. Layout: kernel/trace/ring_buffer.c.
 *
 *	page	u64 time | long commit | events ...	commit: bytes, bit 31 missed, bit 30 counted
 *	event	u32: type (5 bits), time since the one before (27 bits) | data
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"

#define TRACEFS		"/sys/kernel/tracing"
/* Some 40,000 signals, in case the host does not read for a while. */
#define BUFFER_KB	"2048"
#define PAGE_MAX	65536
#define CPUS_MAX	64
#define RUNNING_MAX	64
#define SEEN_MAX	16384
#define FILTER_MAX	3072
#define END_SECONDS	1
/* A note's own record is there when it was queued: the next look should find it. */
#define LOOKS_MAX	2

#define COMMIT_LENGTH	0x3fffffffUL
#define COMMIT_COUNTED	0x40000000UL
#define COMMIT_MISSED	0x80000000UL

enum { TYPE_LONG = 0, TYPE_PADDING = 29, TYPE_EXTEND = 30, TYPE_STAMP = 31 };

/* enum of include/trace/events/signal.h */
enum { SIGNAL_QUEUED = 0 };

struct field {
	unsigned int offset;
	unsigned int size;
};

/* Offsets that every event has. */
#define COMMON_TYPE	0
#define COMMON_PID	4

static struct {
	unsigned int id;
	struct field sig, code, pid, result;
} generate;

static struct {
	unsigned int start_id;
	unsigned int end_id;
} work;

/* What was read and waits for its turn. */
struct seen {
	uint64_t time;
	uint32_t id;
	uint32_t sender;
	int32_t signal;
	int32_t code;
	int32_t thread;
	int32_t result;
};

static struct seen seen[SEEN_MAX];
static size_t waiting;
static uint64_t last_time;

static char instance[64];
static bool made;
/* Those of the CPUs, and behind them the one that ends the reader. */
static struct pollfd pipes[CPUS_MAX + 1];
static unsigned int cpus;
static int ending = -1;
static sem_t ended;
static unsigned int commit_bytes = sizeof(uint64_t);
static _Atomic bool running;

/* The count of signals queued for the watcher; not known between an overrun and its note. */
static uint64_t queued;
static bool counting = true;
static bool noted;
static unsigned int looks;
static pid_t tracer;

/* Work items that run: a kworker does one at a time. */
static struct {
	uint32_t pid;
	uint64_t number;
} executing[RUNNING_MAX];
static uint64_t executed;

bool trace_running(void)
{
	return running;
}

static int instance_open(const char *name, int flags)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", instance, name);
	return open(path, flags | O_CLOEXEC);
}

static int instance_write(const char *name, const char *text)
{
	int fd = instance_open(name, O_WRONLY | O_TRUNC);
	int error = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		error = errno;
	close(fd);
	return error;
}

static int instance_read(const char *name, char *text, size_t size)
{
	int fd = instance_open(name, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return errno;
	n = read(fd, text, size - 1);
	close(fd);
	if (n < 0)
		return EIO;
	text[n] = '\0';
	return 0;
}

/* A line such as "\tfield:int sig;\toffset:8;\tsize:4;\tsigned:1;". */
static bool field_find(const char *format, const char *name, struct field *field)
{
	char end[48];
	const char *at;

	snprintf(end, sizeof(end), " %s;\toffset:", name);
	at = strstr(format, end);
	return at && sscanf(at + strlen(end), "%u;\tsize:%u;", &field->offset, &field->size) == 2;
}

static int event_id(const char *event, unsigned int *id, char *format, size_t size)
{
	const char *at;
	char name[96];
	int error;

	snprintf(name, sizeof(name), "events/%s/format", event);
	error = instance_read(name, format, size);
	if (error)
		return error;
	at = strstr(format, "\nID: ");
	return at && sscanf(at, "\nID: %u", id) == 1 ? 0 : EPROTO;
}

static int learn_formats(void)
{
	char format[4096];
	struct field commit;
	int error = event_id("signal/signal_generate", &generate.id, format, sizeof(format));

	if (error)
		return error;
	if (!field_find(format, "sig", &generate.sig) ||
	    !field_find(format, "code", &generate.code) ||
	    !field_find(format, "pid", &generate.pid) ||
	    !field_find(format, "result", &generate.result))
		return EPROTO;
	error = event_id("workqueue/workqueue_execute_start", &work.start_id, format,
			 sizeof(format));
	if (!error)
		error = event_id("workqueue/workqueue_execute_end", &work.end_id, format,
				 sizeof(format));
	if (!error)
		error = instance_read("events/header_page", format, sizeof(format));
	if (!error && field_find(format, "commit", &commit))
		commit_bytes = commit.size;
	return error;
}

static uint64_t number_at(const uint8_t *data, unsigned int offset, unsigned int size)
{
	uint64_t value = 0;

	memcpy(&value, data + offset, size < sizeof(value) ? size : sizeof(value));
	return value;
}

static int32_t field_of(const uint8_t *data, struct field field)
{
	return number_at(data, field.offset, field.size);
}

/* What si_band would be for this si_code: band_table of fs/fcntl.c. */
static uint32_t band_of(int code)
{
	static const uint32_t bands[] = {
		[POLL_IN] = POLLIN | POLLRDNORM,
		[POLL_OUT] = POLLOUT | POLLWRNORM | POLLWRBAND,
		[POLL_MSG] = POLLIN | POLLRDNORM | POLLMSG,
		[POLL_ERR] = POLLERR,
		[POLL_PRI] = POLLPRI | POLLRDBAND,
		[POLL_HUP] = POLLHUP | POLLERR,
	};

	return code >= POLL_IN && code <= POLL_HUP ? bands[code] : 0;
}

static void signal_generated(const struct seen *event)
{
	int code = event->code;
	uint64_t number = 0;
	uint32_t stream = 0;

	if (watch_is_mine(event->signal, event->thread)) {
		if (code == SI_QUEUE && noted && event->sender == (uint32_t)tracer) {
			noted = false;
			counting = watch_taken_before_note(&queued);
			return;
		}
		/* Notes of ours are no signals of a device. */
		if (code < POLL_IN || code > POLL_HUP)
			return;
		if (event->result == SIGNAL_QUEUED && counting)
			number = ++queued;
		stream = watch_only_stream();
	} else if (code != SI_KERNEL && (code < POLL_IN || code > POLL_HUP)) {
		return;
	}
	emit(event->time, EVENT_SIGNAL_GENERATED,
	     stimulus_is_thread(event->sender) ? EVENT_FLAG_OWN_WRITE : 0, stream, number,
	     event->result, band_of(code));
}

static void work_started(uint64_t time, uint32_t pid)
{
	for (int i = 0; i < RUNNING_MAX; i++) {
		if (!executing[i].pid || executing[i].pid == pid) {
			executing[i].pid = pid;
			executing[i].number = ++executed;
			emit(time, EVENT_WORK_START, 0, 0, executed, 0, 0);
			return;
		}
	}
}

static void work_ended(uint64_t time, uint32_t pid)
{
	for (int i = 0; i < RUNNING_MAX; i++) {
		if (executing[i].pid == pid) {
			emit(time, EVENT_WORK_END, 0, 0, executing[i].number, 0, 0);
			executing[i].pid = 0;
			return;
		}
	}
}

static void unsure(void)
{
	counting = false;
	noted = false;
}

static int by_time(const void *one, const void *other)
{
	uint64_t a = ((const struct seen *)one)->time;
	uint64_t b = ((const struct seen *)other)->time;

	return (a > b) - (a < b);
}

/* Handles, in order, what happened before this time: all of that has been read. */
static void handle_until(uint64_t horizon)
{
	size_t done = 0;

	qsort(seen, waiting, sizeof(*seen), by_time);
	for (; done < waiting && seen[done].time <= horizon; done++) {
		const struct seen *event = &seen[done];

		if (event->time < last_time)
			unsure();
		last_time = event->time;
		if (event->id == generate.id)
			signal_generated(event);
		else if (event->id == work.start_id)
			work_started(event->time, event->sender);
		else
			work_ended(event->time, event->sender);
	}
	waiting -= done;
	memmove(seen, seen + done, waiting * sizeof(*seen));
}

static void event(uint64_t time, const uint8_t *data)
{
	unsigned int id = number_at(data, COMMON_TYPE, 2);
	struct seen *event = &seen[waiting];

	if (id != generate.id && id != work.start_id && id != work.end_id)
		return;
	*event = (struct seen){ .time = time, .id = id };
	event->sender = number_at(data, COMMON_PID, 4);
	if (id == generate.id) {
		event->signal = field_of(data, generate.sig);
		event->code = field_of(data, generate.code);
		event->thread = field_of(data, generate.pid);
		event->result = field_of(data, generate.result);
	}
	if (++waiting == SEEN_MAX)
		handle_until(UINT64_MAX);
}

/* The kernel's buffer was full: so many events are missing before those of this page. */
static void overrun(uint64_t time, uint64_t missed)
{
	emit(time, EVENT_LOST, missed ? 0 : EVENT_FLAG_COUNT_UNKNOWN, 0, 0, missed, 0);
	memset(executing, 0, sizeof(executing));
	unsure();
}

static void page(const uint8_t *page, size_t length)
{
	const uint8_t *at = page + sizeof(uint64_t) + commit_bytes;
	uint64_t time = number_at(page, 0, sizeof(time));
	uint64_t commit = number_at(page, sizeof(time), commit_bytes);
	const uint8_t *end = at + (commit & COMMIT_LENGTH);

	if (end > page + length)
		return;
	if (commit & COMMIT_MISSED) {
		bool counted = commit & COMMIT_COUNTED && end + commit_bytes <= page + length;

		overrun(time, counted ? number_at(end, 0, commit_bytes) : 0);
	}
	while (end - at >= 4) {
		uint32_t head = number_at(at, 0, 4);
		unsigned int type = head & 31;
		uint64_t delta = head >> 5;
		size_t bytes = 4 * type;

		at += 4;
		if (type == TYPE_PADDING && !delta)
			break;
		if ((type == TYPE_LONG || type >= TYPE_PADDING) && end - at < 4)
			break;
		if (type == TYPE_STAMP) {
			/* The upper five bits do not fit: they are those of the page. */
			time = (time & ~((1ULL << 59) - 1)) | number_at(at, 0, 4) << 27 | delta;
			at += 4;
			continue;
		}
		time += delta;
		if (type == TYPE_EXTEND) {
			time += number_at(at, 0, 4) << 27;
			at += 4;
			continue;
		}
		if (type == TYPE_LONG || type == TYPE_PADDING)
			bytes = (number_at(at, 0, 4) + (type == TYPE_PADDING ? 4 : 0) + 3) & ~3UL;
		if (bytes < 4 || bytes > (size_t)(end - at))
			break;
		if (type != TYPE_PADDING)
			event(time, at + (type == TYPE_LONG ? 4 : 0));
		at += bytes;
	}
}

static void *trace_main(void *argument)
{
	static uint8_t buffer[PAGE_MAX];

	(void)argument;
	tracer = syscall(SYS_gettid);
	for (;;) {
		uint64_t horizon;
		ssize_t n;

		if (poll(pipes, cpus + 1, waiting ? 0 : -1) < 0 && errno != EINTR)
			die("trace: %s", strerror(errno));
		if (pipes[cpus].revents)
			break;
		horizon = now();
		for (unsigned int i = 0; i < cpus; i++) {
			do {
				n = read(pipes[i].fd, buffer, sizeof(buffer));
				if (n > (ssize_t)(sizeof(uint64_t) + commit_bytes))
					page(buffer, n);
			} while (n > 0);
		}
		handle_until(horizon);
		/* The note's own record was lost, too, and nothing told of that. */
		if (noted && ++looks > LOOKS_MAX)
			noted = false;
		if (!counting && !noted) {
			noted = watch_note_taken();
			looks = 0;
		}
	}
	sem_post(&ended);
	return NULL;
}

/*
 * Only the work of drivers that are not the kernel's own: all functions from here on in /proc/modules
 *	globalfifo 24576 0 - Live 0xffffffffc0400000 (OE)
 */
static void work_filter(char *filter, size_t size)
{
	FILE *modules = fopen("/proc/modules", "re");
	char line[512];
	size_t used = 0;

	filter[0] = '\0';
	while (modules && fgets(line, sizeof(line), modules)) {
		unsigned long long address;
		unsigned long length;
		char taints[16] = "";

		if (sscanf(line, "%*s %lu %*s %*s %*s %llx %15s", &length, &address, taints) == 3 &&
		    address && strchr(taints, 'O') && used < size / 2)
			used += snprintf(filter + used, size - used,
					 "%s(function >= 0x%llx && function < 0x%llx)",
					 used ? " || " : "", address, address + length);
	}
	if (modules)
		fclose(modules);
}

void trace_modules(void)
{
	static const char *const events[] = {
		"events/workqueue/workqueue_execute_start",
		"events/workqueue/workqueue_execute_end",
	};
	char filter[FILTER_MAX];
	char name[96];

	if (!running)
		return;
	work_filter(filter, sizeof(filter));
	for (int i = 0; i < 2; i++) {
		bool filtered;

		snprintf(name, sizeof(name), "%s/filter", events[i]);
		filtered = filter[0] && !instance_write(name, filter);
		snprintf(name, sizeof(name), "%s/enable", events[i]);
		/* Ends that cannot be told apart are told by their kworker. */
		instance_write(name, filtered || (i && filter[0]) ? "1" : "0");
	}
}

static int open_pipes(void)
{
	char name[64];

	for (unsigned int i = 0; cpus < CPUS_MAX; i++) {
		struct stat exists;
		char path[160];

		snprintf(path, sizeof(path), "%s/per_cpu/cpu%u", instance, i);
		if (stat(path, &exists))
			break;
		snprintf(name, sizeof(name), "per_cpu/cpu%u/trace_pipe_raw", i);
		pipes[cpus].fd = instance_open(name, O_RDONLY | O_NONBLOCK);
		if (pipes[cpus].fd < 0)
			return errno;
		pipes[cpus++].events = POLLIN;
	}
	return cpus ? 0 : ENOENT;
}

static int instance_make(void)
{
	struct stat exists;

	if (stat(TRACEFS "/instances", &exists) && getpid() == 1)
		mount("tracefs", TRACEFS, "tracefs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	snprintf(instance, sizeof(instance), TRACEFS "/instances/kmodscope-%d", getpid());
	if (mkdir(instance, 0700) && errno != EEXIST)
		return errno;
	made = true;
	return 0;
}

static int reader_start(void)
{
	ending = eventfd(0, EFD_CLOEXEC);
	if (ending < 0)
		return errno;
	pipes[cpus] = (struct pollfd){ .fd = ending, .events = POLLIN };
	sem_init(&ended, 0, 0);
	return thread_start(trace_main, NULL);
}

/* An instance that a thread waits in cannot be removed. */
static void reader_end(void)
{
	const uint64_t one = 1;
	struct timespec limit;

	if (ending < 0 || tracer == syscall(SYS_gettid))
		return;
	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += END_SECONDS;
	if (write(ending, &one, sizeof(one)) == sizeof(one))
		sem_timedwait(&ended, &limit);
}

int trace_start(void)
{
	char filter[128];
	int error = instance_make();

	if (error)
		return error;
	error = learn_formats();
	/* The clock of all other events; and a page is handed out as soon as anything is in it. */
	if (!error)
		error = instance_write("trace_clock", "mono");
	if (!error)
		error = instance_write("buffer_size_kb", BUFFER_KB);
	if (!error)
		error = instance_write("buffer_percent", "0");
	snprintf(filter, sizeof(filter), "sig == %d || sig >= %d", SIGIO, SIGRTMIN);
	if (!error)
		error = instance_write("events/signal/signal_generate/filter", filter);
	if (!error)
		error = open_pipes();
	if (!error)
		error = reader_start();
	if (!error)
		error = instance_write("events/signal/signal_generate/enable", "1");
	running = !error;
	return error;
}

void trace_stop(void)
{
	if (!made)
		return;
	instance_write("events/enable", "0");
	reader_end();
	for (unsigned int i = 0; i < cpus; i++)
		close(pipes[i].fd);
	rmdir(instance);
}
