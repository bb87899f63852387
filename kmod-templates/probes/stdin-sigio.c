// SPDX-License-Identifier: GPL-2.0
/*
 * stdin-sigio: SIGIO on a terminal. What a user types is read in the handler.
 *
 * The same three steps as for any other file, on file 0. The terminal decides
 * what news is: line by line as a rule (it waits for Enter, and lets the user
 * correct), key by key when it is told to.
 *
 * The typing is done by this program itself, through a pseudo-terminal: what is
 * written to its master comes out of the slave as if it had been typed. With
 * --interactive it is the user who types.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "probe.h"

/* How long to listen when nothing may come. */
#define SILENCE_NS	100000000L

static int master = -1;

/*
 * What the handler has read. read() may be called in a handler; printf() may
 * not. SIGIO is blocked whenever the program looks at these.
 */
static char typed[4096];
static volatile size_t typed_length;
static volatile sig_atomic_t times;
static volatile sig_atomic_t at_end;

static void on_sigio(int number)
{
	int error = errno;
	ssize_t got;

	(void)number;
	times++;
	/* One signal may stand for several lines: until there is no more. */
	while (typed_length < sizeof(typed) &&
	       (got = read(STDIN_FILENO, typed + typed_length,
			   sizeof(typed) - typed_length)) != -1) {
		if (!got) {
			at_end = 1;
			break;
		}
		typed_length += got;
	}
	/* A handler leaves errno as it found it. */
	errno = error;
}

/* Lets the handler run; false when there was no signal in time. */
static bool listen_for(time_t secs, long nanos)
{
	struct timespec limit = { .tv_sec = secs, .tv_nsec = nanos };
	int before = times;
	sigset_t mask;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	sigdelset(&mask, SIGIO);
	while (times == before) {
		if (!ppoll(NULL, 0, &limit, &mask))
			return false;
	}
	return true;
}

static void type(const char *keys)
{
	ssize_t length = strlen(keys);

	if (write(master, keys, length) != length)
		ktap_bail_out("the master of the terminal: %s", strerror(errno));
}

static bool was_typed(const char *keys)
{
	size_t length = strlen(keys);

	if (typed_length == length && !memcmp(typed, keys, length))
		return true;
	ktap_note("the handler read \"%.*s\", not \"%s\"", (int)typed_length,
		  typed, keys);
	return false;
}

static void forget(void)
{
	typed_length = 0;
	times = 0;
}

/* Steps 1 and 2; step 3, the handler, is bound by then. */
static bool arm(void)
{
	int flags = fcntl(STDIN_FILENO, F_GETFL);

	if (flags < 0 || fcntl(STDIN_FILENO, F_SETOWN, getpid()) ||
	    fcntl(STDIN_FILENO, F_SETFL, flags | O_ASYNC | O_NONBLOCK)) {
		ktap_note("fcntl: %s", strerror(errno));
		return false;
	}
	return fcntl(STDIN_FILENO, F_GETFL) & O_ASYNC;
}

static bool test_arm(void)
{
	if (arm())
		return true;
	probe_stop("O_ASYNC is not set");
	return false;
}

static bool test_line(void)
{
	type("hello\n");
	return listen_for(probe_seconds, 0) && was_typed("hello\n");
}

static bool test_half_line(void)
{
	type("hel");
	if (listen_for(0, SILENCE_NS)) {
		ktap_note("a signal came before Enter");
		return false;
	}
	/* Control-U, and the line begins anew. */
	type("\025goodbye\n");
	return listen_for(probe_seconds, 0) && was_typed("goodbye\n");
}

static bool test_keys(void)
{
	struct termios usual, raw;
	bool right;

	if (tcgetattr(STDIN_FILENO, &usual))
		return probe_skip("tcgetattr: %s", strerror(errno));
	raw = usual;
	raw.c_lflag &= ~(ICANON | ECHO);
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw))
		ktap_bail_out("tcsetattr: %s", strerror(errno));
	type("k");
	right = listen_for(probe_seconds, 0) && was_typed("k");
	if (tcsetattr(STDIN_FILENO, TCSANOW, &usual))
		ktap_bail_out("tcsetattr: %s", strerror(errno));
	return right;
}

static bool test_many_lines(void)
{
	char all[512] = "";
	int lines = 0;

	/* While SIGIO is blocked: they pile up in the terminal. */
	for (; lines < 20; lines++) {
		type("line\n");
		strcat(all, "line\n");
	}
	if (!listen_for(probe_seconds, 0))
		return false;
	while (typed_length < strlen(all) && listen_for(probe_seconds, 0))
		continue;
	ktap_measure("lines", lines, "lines");
	ktap_measure("signals", times, "signals");
	return was_typed(all) && times < lines;
}

/* A program that only listens for SIGIO would wait for ever. */
static bool test_hang_up(void)
{
	struct pollfd item = { .fd = STDIN_FILENO, .events = POLLIN };
	bool heard;

	close(master);
	master = -1;
	heard = listen_for(0, SILENCE_NS);
	ktap_note("a hang-up gives %s SIGIO", heard ? "a" : "no");
	return poll(&item, 1, probe_seconds * 1000) == 1 &&
	       item.revents & POLLHUP;
}

/* Puts a new terminal in the place of standard input; or says why not. */
static void make_terminal(void)
{
	char name[64];
	int slave;

	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0) {
		probe_stop("there are no pseudo-terminals: %s", strerror(errno));
		return;
	}
	if (grantpt(master) || unlockpt(master) ||
	    ptsname_r(master, name, sizeof(name))) {
		probe_stop("the terminal's name: %s", strerror(errno));
		return;
	}
	slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0) {
		probe_stop("%s: %s", name, strerror(errno));
		return;
	}
	if (dup2(slave, STDIN_FILENO) < 0)
		ktap_bail_out("dup2: %s", strerror(errno));
	close(slave);
}

/* Tells what comes until the end of the input, which is Control-D. */
static bool interactive(void)
{
	if (!arm()) {
		ktap_note("standard input has no signals");
		return false;
	}
	ktap_note("type lines; Control-D ends");
	/* What was there before is not announced. */
	on_sigio(0);
	while (true) {
		if (typed_length) {
			ktap_note("SIGIO is %d, and the handler read: %.*s", SIGIO,
				  (int)typed_length - 1, typed);
			forget();
		}
		if (at_end)
			break;
		listen_for(3600, 0);
	}
	return true;
}

static const struct probe_test tests[] = {
	{ "steps 1 and 2: standard input is ours, and O_ASYNC", test_arm, NULL },
	{ "a line is typed: the handler reads it", test_line, NULL },
	{ "half a line: no signal before Enter", test_half_line, NULL },
	{ "key by key: each is news when the terminal is told so", test_keys,
	  NULL },
	{ "many lines before the first is taken: fewer signals",
	  test_many_lines, NULL },
	{ "hang-up: poll() tells", test_hang_up, NULL },
};

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_sigio };
	bool by_user = false;
	const struct probe_option options[] = {
		PROBE_FLAG("interactive", by_user, "the user types"),
		{ 0 }
	};
	sigset_t blocked;

	probe_options(argc, argv, "does a terminal tell that a user has typed?",
		      options);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGIO);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	if (sigaction(SIGIO, &action, NULL))
		ktap_bail_out("sigaction: %s", strerror(errno));

	ktap_plan(by_user ? 1 : PROBE_COUNT(tests));
	if (by_user) {
		ktap_result(interactive(), "what was typed was read in the handler");
		return ktap_finish();
	}
	make_terminal();
	probe_run(tests, PROBE_COUNT(tests), forget, NULL);
	return ktap_finish();
}
