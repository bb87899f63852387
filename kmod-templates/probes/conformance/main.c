// SPDX-License-Identifier: GPL-2.0
/*
 * conformance: does a device keep the rules of asynchronous character devices?
 *
 * Point it at any device, say what its driver claims, and get a verdict for
 * each rule: what was expected, what was seen, and what in a driver usually
 * brings that about.
 *
 *   conformance --device /dev/mine --features fasync,pollout,poll,aio=queued
 *
 * The model says what the device is like:
 *
 *   fifo    what is written can be read, and there is only so much room
 *   source  it has something to read by itself, now and then; --unit is how
 *           many bytes a read has to ask for at least
 *   sink    it can only be written to
 *   zero    there is always something to read, and it swallows what is written
 *
 * A rule that needs what the device is not, or does not claim, is skipped.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <fnmatch.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance.h"
#include "probe.h"

/* In what order they are tried. */
static const struct rule *const tables[] = {
	sync_rules, wake_rules, poll_rules, signal_rules, owner_rules,
	aio_rules, memory_rules, cancel_rules, fault_rules, end_rules, log_rules,
};

/* The rule that all others rely on; it is always tried. */
#define FIRST_RULE	"sync.nonblock"

static const char *selected = "*";
static bool list_only;
long limit;
long count = 200;
long unit;
long room;
long grain = 1;

/* What the process of a rule and the one that watches it both see. */
static struct {
	bool skipped;
	bool broken;
	long room;
	long grain;
	long unit;
	char doing[128];
	char reason[160];
} *board;

static const char *stopped;	/* why nothing further can be tried */

int open_device(int flags)
{
	int access = !model_has("write") ? O_RDONLY : model_has("read") ? O_RDWR : O_WRONLY;
	int file = open(probe_device, access | O_CLOEXEC | flags);

	if (file < 0)
		give_up("the device can be opened, several times",
			"%s: %s", probe_device, strerror(errno));
	return file;
}

void doing(const char *what)
{
	snprintf(board->doing, sizeof(board->doing), "%s", what);
}

void note(const char *text, ...)
{
	char line[400];
	va_list values;

	va_start(values, text);
	vsnprintf(line, sizeof(line), text, values);
	va_end(values);
	ktap_note("%s", line);
}

static void say_seen(const char *expected, const char *seen, va_list values)
{
	char text[300];

	vsnprintf(text, sizeof(text), seen, values);
	board->broken = true;
	ktap_note("expected: %s", expected);
	ktap_note("seen: %s", text);
}

bool check(bool right, const char *expected, const char *seen, ...)
{
	va_list values;

	if (right)
		return true;
	va_start(values, seen);
	say_seen(expected, seen, values);
	va_end(values);
	return false;
}

void give_up(const char *expected, const char *seen, ...)
{
	va_list values;

	va_start(values, seen);
	say_seen(expected, seen, values);
	va_end(values);
	exit(1);
}

void skip(const char *why, ...)
{
	va_list values;

	va_start(values, why);
	vsnprintf(board->reason, sizeof(board->reason), why, values);
	va_end(values);
	board->skipped = true;
	exit(0);
}

/* In a process of its own. */
static void try_rule(const struct rule *rule)
{
	sigset_t blocked;

	setpgid(0, 0);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGIO);
	for (int i = 0; i < 10; i++)
		sigaddset(&blocked, signal_of(i));
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	open_files();
	if (model_has("read"))
		drain();
	if (!rule->holds())
		board->broken = true;
	if (model_has("read") && !board->broken)
		drain();
	board->room = room;
	board->grain = grain;
	board->unit = unit;
	doing("exit(2): closing the files and waiting for requests");
}

/* Hands on what the rule has printed. */
static void pass_on(int output)
{
	char text[512];
	ssize_t got;

	while ((got = read(output, text, sizeof(text))) > 0)
		fwrite(text, 1, got, stdout);
}

/* Whether it ends in time. */
static bool ends_in_time(pid_t child, int output)
{
	long long end = now_ms() + 1000 * (3 * limit + 5);
	struct pollfd items[2] = {
		{ .fd = syscall(SYS_pidfd_open, child, 0), .events = POLLIN },
		{ .fd = output, .events = POLLIN },
	};
	long long left;

	do {
		left = end - now_ms();
		poll(items, 2, left > 0 ? left : 0);
		pass_on(output);
		/* Nobody has it open any more; that is heard once. */
		if (items[1].revents & POLLHUP)
			items[1].fd = -1;
	} while (!items[0].revents && left > 0);
	close(items[0].fd);
	return items[0].revents;
}

/* Waits for the process of a rule; says in what it hangs. */
static void watch(pid_t child, int output)
{
	int status;

	if (ends_in_time(child, output)) {
		waitpid(child, &status, 0);
		if (!WIFSIGNALED(status))
			return;
		board->broken = true;
		ktap_note("expected: the calls return");
		ktap_note("seen: signal %d (%s) killed the process in: %s", WTERMSIG(status),
			  strsignal(WTERMSIG(status)), board->doing);
		return;
	}
	board->broken = true;
	ktap_note("expected: the calls return");
	ktap_note("seen: no return from: %s", board->doing);
	show_place(child);
	kill(-child, SIGKILL);
	if (has_ended(child, 1000 * limit))
		waitpid(child, NULL, 0);
	else
		ktap_note("process %d cannot even be killed; it is left, and holds the device",
			  (int)child);
	pass_on(output);
}

/*
 * Whether the rule holds; the board knows if it was skipped. What it prints
 * comes through a pipe: a process that is stuck would keep standard output open.
 */
static bool holds(const struct rule *rule)
{
	int output[2];
	pid_t child;

	memset(board, 0, sizeof(*board));
	fflush(stdout);
	if (pipe2(output, O_CLOEXEC | O_NONBLOCK))
		ktap_bail_out("pipe: %s", strerror(errno));
	child = fork();
	if (child < 0)
		ktap_bail_out("fork: %s", strerror(errno));
	if (!child) {
		dup2(output[1], STDOUT_FILENO);
		dup2(output[1], STDERR_FILENO);
		try_rule(rule);
		exit(0);
	}
	close(output[1]);
	/* In both processes, so that it is true whoever runs first. */
	setpgid(child, child);
	watch(child, output[0]);
	/* What it had started and did not wait for. */
	kill(-child, SIGKILL);
	close(output[0]);
	return !board->broken;
}

/* After a broken rule: whether the next one can trust the device. */
static bool answers(void)
{
	char text[] = "still there?";

	if (is_fifo()) {
		put(text, sizeof(text));
		return contains(text, sizeof(text));
	}
	return true;
}

static const struct rule answers_rule = {
	.name = "answers", .needs = "", .holds = answers,
};

static void run(const struct rule *rule)
{
	const char *lacks = obstacle(rule);
	char name[160];
	bool right;

	snprintf(name, sizeof(name), "%s: %s", rule->name, rule->says);
	if (lacks || stopped) {
		ktap_skip(name, lacks ? lacks : stopped);
		return;
	}
	right = holds(rule);
	if (right && board->skipped) {
		ktap_skip(name, board->reason);
		return;
	}
	if (!right)
		ktap_note("usual cause: %s", rule->cause);
	if (right && !strcmp(rule->name, FIRST_RULE)) {
		room = board->room;
		grain = board->grain;
		unit = board->unit;
	}
	ktap_result(right, name);
	if (right)
		return;
	if (!strcmp(rule->name, FIRST_RULE)) {
		stopped = "the other rules rely on O_NONBLOCK";
	} else if (!holds(&answers_rule)) {
		ktap_note("the device is no longer usable; what follows is not tried");
		stopped = "a broken rule has left the device unusable";
	}
}

static bool is_selected(const struct rule *rule)
{
	/* What no kernel for daily use can try is no gap there. */
	if (rule == fault_rules && !faults_possible())
		return false;
	return !strcmp(rule->name, FIRST_RULE) || !fnmatch(selected, rule->name, 0);
}

static void read_options(int argc, char **argv)
{
	const struct probe_option own[] = {
		PROBE_TEXT("model", model, "what the device is like: fifo, source, sink or zero"),
		PROBE_NUMBER("unit", unit, 0, 4096,
			     "bytes of the smallest read, 0 to find out"),
		PROBE_TEXT("rule", selected, "only rules with such names, such as 'aio.*'"),
		PROBE_NUMBER("count", count, 1, 100000, "rounds of what races, at most"),
		PROBE_FLAG("list", list_only, "print the rules"),
		{ 0 }
	};

	probe_options(argc, argv, "does a device keep the rules of asynchronous I/O?", own);
	limit = probe_seconds;
	claimed = probe_features;
	/* As it lies in the templates, it was made for no device. */
	if (model[0] == '@')
		model = "fifo";
	if (!model_has("name"))
		probe_refuse("--model takes fifo, source, sink or zero, not \"%s\"", model);
	if (is_fifo() && unit > 1)
		probe_refuse("--unit is for --model source");
}

int main(int argc, char **argv)
{
	unsigned int planned = 0;

	read_options(argc, argv);
	for (size_t i = 0; i < PROBE_COUNT(tables); i++) {
		for (const struct rule *rule = tables[i]; rule->name; rule++) {
			planned += is_selected(rule);
			if (list_only)
				printf("%-22s %-22s %s\n", rule->name, rule->needs, rule->says);
		}
	}
	if (list_only)
		return 0;
	if (planned == 1 && fnmatch(selected, FIRST_RULE, 0))
		probe_refuse("no rule for this kernel has such a name: \"%s\"; --list shows all",
			     selected);

	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (board == MAP_FAILED)
		ktap_bail_out("mmap: %s", strerror(errno));
	begin_log();
	ktap_plan(planned);
	for (size_t i = 0; i < PROBE_COUNT(tables); i++) {
		for (const struct rule *rule = tables[i]; rule->name; rule++) {
			if (is_selected(rule))
				run(rule);
		}
	}
	return ktap_finish();
}
