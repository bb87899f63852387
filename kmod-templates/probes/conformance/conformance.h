/* SPDX-License-Identifier: GPL-2.0 */
/*
 * conformance: what its parts share.
 *
 * A rule is a function that tries one thing. Each runs in a process of its own,
 * in a process group of its own, because a broken driver may never let go of
 * the process that found the fault. Whoever waits here waits for a limited
 * time, and the process that started all (main.c) watches that.
 */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include <linux/aio_abi.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct rule - one thing that a driver has to do right
 * @name: AREA.WORDS; what --rule selects
 * @says: the rule, as a sentence
 * @needs: what must be claimed, a list with commas; "read", "write" and "fifo"
 *         are what the model of the device brings
 * @cause: what in a driver usually breaks it
 * @holds: tries it
 */
struct rule {
	const char *name;
	const char *says;
	const char *needs;
	const char *cause;
	bool (*holds)(void);
};

/* Each table ends with an empty rule. */
extern const struct rule sync_rules[];
extern const struct rule wake_rules[];
extern const struct rule poll_rules[];
extern const struct rule signal_rules[];
extern const struct rule owner_rules[];
extern const struct rule aio_rules[];
extern const struct rule memory_rules[];
extern const struct rule cancel_rules[];
extern const struct rule end_rules[];
extern const struct rule fault_rules[];
extern const struct rule log_rules[];

/*
 * main.c: the options and the verdict
 */

extern long limit;	/* seconds that one thing may take */
extern long count;	/* rounds of what races */
extern long unit;	/* bytes of the smallest read */
extern long room;	/* bytes that the empty device takes */
extern long grain;	/* bytes to read from the full device until it takes one more */

/* What the rule does now; named if it never comes back. */
void doing(const char *what);

/*
 * Whether something is as it has to be. If not, prints what was expected, and
 * what was seen, which is formatted as with printf().
 */
bool check(bool right, const char *expected, const char *seen, ...)
	__attribute__((format(printf, 3, 4)));

/* The rule cannot be tried here; ends the process. */
void skip(const char *why, ...) __attribute__((format(printf, 1, 2), noreturn));

/* The rule is broken, or cannot go on; ends the process. */
void give_up(const char *expected, const char *seen, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* A diagnostic. */
void note(const char *text, ...) __attribute__((format(printf, 1, 2)));

/*
 * needs.c: what the device is like and what is claimed
 */

extern const char *model;	/* fifo, source, sink or zero */
extern const char *claimed;	/* a list with commas */

/* Whether the model brings this: "fifo", "read", "write", "name". */
bool model_has(const char *word);
bool is_fifo(void);
/* Whether a feature is claimed. */
bool claims(const char *feature);
/* Why a rule cannot be tried, or NULL. */
const char *obstacle(const struct rule *rule);

/*
 * log_rules.c: the kernel's log
 */

/* What is logged from now on counts. */
void begin_log(void);

/*
 * fault_rules.c: allocations that fail
 */

/* Whether this kernel can make them fail. */
bool faults_possible(void);

/*
 * device.c: the device
 */

#define TEXT_SIZE	64	/* no rule needs more room than this */
#define QUIET_MS	30	/* how long to wait for what must not come */

extern int fd;		/* may sleep */
extern int plain;	/* O_NONBLOCK */

void open_files(void);
int open_device(int flags);
/* Makes the device empty. */
void drain(void);
/* Makes it full; how much went in. */
long fill(void);
/* Reads so much of the full device that it takes something again. */
void make_room(void);
/* Writes all of it now. */
void put(const void *bytes, size_t length);
/* Makes a read possible; a device that is ready by itself needs no help. */
void feed(void);
/* Reads what is there, at most so much; how much. */
long read_on(char *to, long most);
/* Whether these bytes and no others are in the device. */
bool contains(const void *bytes, size_t length);
/* Whether what arrived is what was written. */
bool same(const void *arrived, const void *written, size_t length);
/* A page that cannot be read or written, and one that can right before it. */
char *bad_page(void);
/* Bytes that differ from their neighbours; as many as the device takes. */
char *pattern(size_t length);
size_t page_size(void);
long long now_ms(void);

/*
 * process.c: other processes
 */

/* Runs a function in a new process, which ends with what it returns. */
pid_t start(int (*body)(void *data), void *data);
/* Waits until it sleeps. */
bool falls_asleep(pid_t child);
/* Waits for its end; its wait status, or -1 if it does not end. */
int ending(pid_t child);
/* Whether it ends, and with this status of exit(2). */
bool ends_with(pid_t child, int status);
/* Kills it; whether it can be killed. */
bool dies(pid_t child);
/* Waits until a process has ended, at most so long. */
bool has_ended(pid_t pid, long milliseconds);
/* Prints where in the kernel a process is, if that can be known. */
void show_place(pid_t pid);

/* Something that one process waits for and another one says. */
int gate(void);
void tell(int gate);
bool told(int gate);
bool told_within(int gate, long milliseconds);

/*
 * requests.c: io_submit(2) and its family
 */

#define MAX_REQUESTS	32

extern struct iocb requests[MAX_REQUESTS];
extern char buffers[MAX_REQUESTS][TEXT_SIZE];

void begin_requests(void);
/* Cancels what is pending and waits for it. */
void end_requests(void);
void prepare(struct iocb *request, int command, void *buffer, size_t length);
/* Submits it, or ends the rule. */
void submit(struct iocb *request);
/* What io_submit(2) returns, or minus errno. */
int try_submit(struct iocb *request);
/* Prepares and submits a read into the buffer of the same number. */
void submit_both(struct iocb *first, struct iocb *second);
void submit_read(int number, size_t length);
/* 0, or minus errno. */
int try_cancel(struct iocb *request);
/* So many events, or as many as come in the limit. */
int reap(struct io_event *events, int number);
int reap_within(struct io_event *events, int number, long milliseconds);
/* Whether the next event is that of a request, with this result. */
bool completes(struct iocb *request, long long result);
/* Whether no event comes. */
bool nothing_completes(void);

/*
 * listener.c: signals of files
 */

/* The signals of the first, the second, … armed file. */
int signal_of(int number);

/* Steps 1 and 2 of a program: the owner, the signal, O_ASYNC. */
void arm(int file, int signal_number);
void arm_for(int file, int signal_number, pid_t owner);
void disarm(int file);
/* The next of these signals in the limit; 0 when none comes. */
int listen_for(int signal_number, siginfo_t *info);
int listen_briefly(int signal_number, siginfo_t *info);
/* How many are pending; takes them. */
unsigned int pending(int signal_number);
/*
 * Makes the device ready again and again until another armed file has heard it
 * twice: what a driver had to send for the first time is sent by then.
 */
void notify_all(void);

#endif
