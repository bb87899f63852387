/* SPDX-License-Identifier: EPL-2.0 */
#ifndef KMODSCOPE_AGENT_H
#define KMODSCOPE_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>
#include <sys/types.h>

#include "events.h"
#include "protocol.h"

/* A request as it came in; the payload stays valid while the request is handled. */
struct request {
	uint32_t id;
	uint16_t type;
	uint32_t length;
	const uint8_t *payload;
};

/* Takes a request's payload apart; after a read past the end, bad is set and reads give 0 or "". */
struct reader {
	const uint8_t *at;
	const uint8_t *end;
	bool bad;
};

struct reader reader_of(const struct request *request);
uint32_t read_u32(struct reader *reader);
uint64_t read_u64(struct reader *reader);
const char *read_string(struct reader *reader);

/* frame.c: what the agent says. Safe from every thread; blocks while the host does not read. */
void frame_open(int out);
void frame_send(uint16_t type, uint32_t id, const void *payload, size_t length);
/* Several whole frames at once, made by frame_put(). */
void frame_send_raw(const uint8_t *frames, size_t length);
uint8_t *frame_put(uint8_t *at, uint16_t type, uint32_t id, size_t length);
uint8_t *put_u32(uint8_t *at, uint32_t value);
uint8_t *put_u64(uint8_t *at, uint64_t value);
void reply_ok(uint32_t id, const void *payload, size_t length);
void reply_error(uint32_t id, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* emit.c: the event channel. Never blocks its callers; what does not fit is counted. */
int emit_start(int out);
void emit(uint64_t time, enum event_kind kind, unsigned int flags, uint32_t stream,
	  uint64_t request, int64_t result, uint32_t band);
/* The number of the next record, all that was emitted before having a lower one. */
uint32_t emit_sequence(void);
uint64_t now(void);

/* faults.c: a program of its own, which the agent becomes under its name. */
int faults_main(int argc, char **argv);

/* command.c: programs. All of it belongs to the main thread. */
void command_run(const struct request *request);
void command_input(const struct request *request);
void command_signal(const struct request *request);
size_t command_poll_count(void);
void command_poll_fill(struct pollfd *fds);
void command_poll_done(const struct pollfd *fds);
void command_reap(void);
void command_kill_all(void);

/* job.c: requests that may take long, each on a thread of its own; false when it was refused. */
bool job_start(const struct request *request, void (*run)(const struct request *request));
int thread_start(void *(*main)(void *argument), void *argument);

/* Handlers. */
void file_put(const struct request *request);
void module_load(const struct request *request);
void module_unload(const struct request *request);
void module_leave(void);
int watch_start(void);
void watch_arm(const struct request *request);
void watch_disarm(const struct request *request);
bool watch_fence(void);
/*
 * For trace.c: whether a signal is the watcher's, the stream it is for if that is certain (else 0);
 * a note into the queue, false when it is full; and how many the watcher had taken before the note,
 * false when it does not come to it.
 */
bool watch_is_mine(int signal, pid_t thread);
uint32_t watch_only_stream(void);
bool watch_note_taken(void);
bool watch_taken_before_note(uint64_t *taken);
void stimulate_start(const struct request *request);
void stimulate_cancel(const struct request *request);
bool stimulus_is_thread(pid_t thread);

/* trace.c: what the kernel says of signals and work items, where it can be asked. */
int trace_start(void);
bool trace_running(void);
/* Modules were loaded or unloaded: whose work is followed. */
void trace_modules(void);
void trace_stop(void);

/* klog.c: the kernel's log. */
int klog_start(void);
/* What the kernel says between the two calls, as text; klog_mark() may fail with -1. */
int klog_mark(void);
void klog_since(int mark, char *text, size_t size);

/*
 * home.c: the agent's own directory where it is a guest; home_open() returns the socket to which
 * home_accept() lets the one reader of events, both -1 with errno when they fail. attach_main() is
 * a program of its own, which relays that socket to its standard output.
 */
int home_open(const char *path);
int home_accept(int listening);
void home_remove(void);
int attach_main(const char *path);

/* port.c: opens PATH, or the virtio-serial port NAME when given as virtio:NAME. */
int port_open(const char *where, int flags);

void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
