// SPDX-License-Identifier: GPL-2.0
/*
 * signal: what a program can do about signals, before any driver sends one.
 *
 * A signal is a number that the kernel delivers to a process. Three things can
 * be bound to it: a handler, SIG_IGN (nothing happens) and SIG_DFL (what the
 * kernel does by itself, which for most of them is to end the process).
 *
 * Two calls bind. signal() is short, and its details differ between systems;
 * sigaction() says all. Each returns what was bound before, so that it can be
 * bound again. For SIGKILL and SIGSTOP nothing can be bound at all.
 *
 * No device is needed here. The table of signals is taken from the machine that
 * this runs on: the numbers are not the same on every architecture.
 */
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "probe.h"

#define LAST_SIGNAL	31

/* Indexed by number; "#sig" is the name as it is written in a program. */
#define NAMED(sig)	[sig] = #sig

static const char *const names[LAST_SIGNAL + 1] = {
	NAMED(SIGHUP), NAMED(SIGINT), NAMED(SIGQUIT), NAMED(SIGILL),
	NAMED(SIGTRAP), NAMED(SIGABRT), NAMED(SIGBUS), NAMED(SIGFPE),
	NAMED(SIGKILL), NAMED(SIGUSR1), NAMED(SIGSEGV), NAMED(SIGUSR2),
	NAMED(SIGPIPE), NAMED(SIGALRM), NAMED(SIGTERM), NAMED(SIGCHLD),
	NAMED(SIGCONT), NAMED(SIGSTOP), NAMED(SIGTSTP), NAMED(SIGTTIN),
	NAMED(SIGTTOU), NAMED(SIGURG), NAMED(SIGXCPU), NAMED(SIGXFSZ),
	NAMED(SIGVTALRM), NAMED(SIGPROF), NAMED(SIGWINCH), NAMED(SIGIO),
	NAMED(SIGPWR), NAMED(SIGSYS),
#ifdef SIGSTKFLT
	NAMED(SIGSTKFLT),
#endif
#ifdef SIGEMT
	NAMED(SIGEMT),
#endif
};

/* The only type that a handler may write to and the program may read. */
static volatile sig_atomic_t handled;
static volatile sig_atomic_t times;

static void on_signal(int number)
{
	handled = number;
	times++;
}

static void on_signal_too(int number)
{
	on_signal(number);
}

static void forget(void)
{
	handled = 0;
	times = 0;
}

/* Undoes what a test has bound. */
static bool default_again(void)
{
	static const int used[] = { SIGINT, SIGTERM, SIGUSR1, SIGUSR2 };

	for (size_t i = 0; i < PROBE_COUNT(used); i++) {
		if (signal(used[i], SIG_DFL) == SIG_ERR)
			return false;
	}
	return true;
}

static bool was_handled(int number)
{
	if (handled == number && times == 1)
		return true;
	ktap_note("the handler ran %d times, at last for signal %d",
		  (int)times, (int)handled);
	return false;
}

static bool test_handler(void)
{
	static const int usual[] = { SIGINT, SIGTERM };

	for (size_t i = 0; i < PROBE_COUNT(usual); i++) {
		forget();
		if (signal(usual[i], on_signal) == SIG_ERR || raise(usual[i])) {
			ktap_note("%s: %s", names[usual[i]], strerror(errno));
			return false;
		}
		if (!was_handled(usual[i]))
			return false;
	}
	return true;
}

/* With the signal() of glibc; in the first Unix a handler was for once only. */
static bool test_stays(void)
{
	if (signal(SIGUSR1, on_signal) == SIG_ERR)
		return false;
	raise(SIGUSR1);
	forget();
	raise(SIGUSR1);
	return was_handled(SIGUSR1);
}

static bool test_previous(void)
{
	bool first = signal(SIGUSR1, on_signal) == SIG_DFL;
	bool second = signal(SIGUSR1, SIG_IGN) == on_signal;
	bool third = signal(SIGUSR1, SIG_DFL) == SIG_IGN;

	return first && second && third;
}

static bool test_old_action(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction old;

	action.sa_flags = SA_RESTART;
	sigemptyset(&action.sa_mask);
	sigaddset(&action.sa_mask, SIGUSR2);
	if (sigaction(SIGUSR1, &action, NULL))
		return false;
	action.sa_handler = on_signal_too;
	if (sigaction(SIGUSR1, &action, &old))
		return false;
	return old.sa_handler == on_signal && old.sa_flags & SA_RESTART &&
	       sigismember(&old.sa_mask, SIGUSR2) == 1;
}

/* A new action of NULL binds nothing: it only asks. */
static bool test_ask(void)
{
	struct sigaction now;

	if (signal(SIGUSR1, on_signal) == SIG_ERR ||
	    sigaction(SIGUSR1, NULL, &now) || now.sa_handler != on_signal)
		return false;
	if (sigaction(SIGUSR1, NULL, NULL))
		return false;
	forget();
	raise(SIGUSR1);
	return was_handled(SIGUSR1);
}

static bool test_valid(void)
{
	for (int number = 1; number <= LAST_SIGNAL; number++) {
		if (sigaction(number, NULL, NULL)) {
			ktap_note("signal %d: %s", number, strerror(errno));
			return false;
		}
	}
	if (sigaction(0, NULL, NULL) != -1 || errno != EINVAL ||
	    sigaction(NSIG, NULL, NULL) != -1 || errno != EINVAL) {
		ktap_note("signals 0 and %d are taken for valid", NSIG);
		return false;
	}
	return true;
}

static bool test_uncatchable(void)
{
	static const int never[] = { SIGKILL, SIGSTOP };
	struct sigaction action = { .sa_handler = on_signal };

	for (size_t i = 0; i < PROBE_COUNT(never); i++) {
		const char *name = names[never[i]];

		if (signal(never[i], on_signal) != SIG_ERR || errno != EINVAL) {
			ktap_note("signal(%s) is no EINVAL", name);
			return false;
		}
		if (signal(never[i], SIG_IGN) != SIG_ERR || errno != EINVAL) {
			ktap_note("%s can be ignored", name);
			return false;
		}
		if (sigaction(never[i], &action, NULL) != -1 || errno != EINVAL) {
			ktap_note("sigaction(%s) is no EINVAL", name);
			return false;
		}
	}
	return true;
}

/* Blocking them is not refused: it is just not done. */
static bool test_unblockable(void)
{
	sigset_t all, before, now;

	sigfillset(&all);
	if (sigprocmask(SIG_BLOCK, &all, &before) ||
	    sigprocmask(SIG_SETMASK, &before, &now))
		return false;
	return sigismember(&now, SIGTERM) == 1 && !sigismember(&now, SIGKILL) &&
	       !sigismember(&now, SIGSTOP);
}

static bool test_ignored(void)
{
	if (signal(SIGTERM, SIG_IGN) == SIG_ERR || raise(SIGTERM))
		return false;
	/* This process is still there. */
	return true;
}

/* What a process becomes that gets a signal and has bound nothing to it. */
static const char *default_of(int number)
{
	struct rlimit no_core = { 0 };
	int status;
	pid_t child;

	/* For this one: a debug kernel takes its time over each of many. */
	probe_guard("waiting for a child that has raised a signal",
		    4 * probe_seconds + 1);
	child = fork();
	if (child < 0)
		ktap_bail_out("fork: %s", strerror(errno));
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setrlimit(RLIMIT_CORE, &no_core);
		signal(number, SIG_DFL);
		/* Else a whole group that is an orphan would not be stopped. */
		if (setpgid(0, 0) || raise(number))
			_exit(2);
		_exit(0);
	}
	if (waitpid(child, &status, WUNTRACED) != child)
		ktap_bail_out("waitpid: %s", strerror(errno));
	if (WIFSTOPPED(status)) {
		kill(child, SIGKILL);
		if (waitpid(child, &status, 0) != child)
			ktap_bail_out("waitpid: %s", strerror(errno));
		return "stops";
	}
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == number ? "ends" : "?";
	return WEXITSTATUS(status) ? "?" : "nothing";
}

static bool test_default(void)
{
	return !strcmp(default_of(SIGTERM), "ends") &&
	       !strcmp(default_of(SIGIO), "ends") &&
	       !strcmp(default_of(SIGCHLD), "nothing");
}

static bool test_while_blocked(void)
{
	sigset_t set, before, pending;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	forget();
	if (signal(SIGUSR1, on_signal) == SIG_ERR ||
	    sigprocmask(SIG_BLOCK, &set, &before))
		return false;
	raise(SIGUSR1);
	raise(SIGUSR1);
	if (times || sigpending(&pending) || sigismember(&pending, SIGUSR1) != 1)
		return false;
	/* Two were sent, and one is delivered: these signals do not count. */
	if (sigprocmask(SIG_SETMASK, &before, NULL))
		return false;
	return was_handled(SIGUSR1);
}

static bool test_table(void)
{
	int named = 0;

	for (int number = 1; number <= LAST_SIGNAL; number++) {
		const char *name = names[number] ? names[number] : "?";
		const char *meaning = strsignal(number);
		const char *action = default_of(number);

		named += names[number] && meaning && *action != '?';
		if (!probe_json) {
			ktap_note("signal %d %s %s", number, name, meaning);
			ktap_note("default %d %s", number, action);
			continue;
		}
		printf("{\"signal\": %d, \"name\": \"%s\", \"default\": \"%s\", \"meaning\": ",
		       number, name, action);
		ktap_quote(meaning);
		puts("}");
	}
	ktap_measure("signals", named, "signals");
	return named == LAST_SIGNAL;
}

static const struct probe_test tests[] = {
	{ "SIGINT and SIGTERM: a handler is called", test_handler, NULL },
	{ "signal(): the handler stays bound", test_stays, NULL },
	{ "signal(): returns what was bound before", test_previous, NULL },
	{ "sigaction(): returns the old action", test_old_action, NULL },
	{ "sigaction(sig, NULL, NULL): binds nothing", test_ask, NULL },
	{ "sigaction(sig, NULL, NULL): tells valid numbers", test_valid, NULL },
	{ "SIGKILL and SIGSTOP: EINVAL, whatever is bound", test_uncatchable,
	  NULL },
	{ "SIGKILL and SIGSTOP: not blocked either", test_unblockable, NULL },
	{ "SIG_IGN: nothing happens", test_ignored, NULL },
	{ "SIG_DFL: SIGTERM and SIGIO end the process", test_default, NULL },
	{ "blocked: it waits, and two of them are one", test_while_blocked,
	  NULL },
	{ "the table of signals 1 to 31", test_table, NULL },
};

int main(int argc, char **argv)
{
	const struct probe_test *first = tests;
	bool only_table = false;
	const struct probe_option options[] = {
		PROBE_FLAG("table", only_table, "the table of signals only"),
		{ 0 }
	};

	probe_options(argc, argv, "what can a program do about signals?", options);
	if (only_table)
		first = tests + PROBE_COUNT(tests) - 1;
	ktap_plan(tests + PROBE_COUNT(tests) - first);
	probe_run(first, tests + PROBE_COUNT(tests) - first, forget,
		  default_again);
	return ktap_finish();
}
