// SPDX-License-Identifier: GPL-2.0
/*
 * Other processes: started, waited for with a limit, and looked at when they do
 * not end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance.h"

pid_t start(int (*body)(void *data), void *data)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		give_up("fork() makes a process", "%s", strerror(errno));
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		exit(body(data));
	}
	return child;
}

/* The letter that ps(1) shows; 0 when the process has gone. */
static char state_of(pid_t pid)
{
	char path[40], line[512] = "";
	char *name_end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	/* PID (NAME) STATE, and the name may hold anything. */
	name_end = strrchr(line, ')');
	return name_end && name_end[1] ? name_end[2] : 0;
}

bool falls_asleep(pid_t child)
{
	long long end = now_ms() + 1000 * limit;
	char state;

	do {
		state = state_of(child);
		if (state == 'S')
			return true;
		/* The kernel tells nobody that a process has gone to sleep. */
		poll(NULL, 0, 1);
	} while (state && state != 'Z' && now_ms() < end);
	if (!state || state == 'Z')
		return check(false, "the call sleeps", "it returned at once");
	note("process %d is in state %c", (int)child, state);
	show_place(child);
	return check(false, "the call sleeps and can be interrupted (state S)",
		     "%s", state == 'D' ? "it sleeps and cannot be interrupted" :
					  "it runs on and on");
}

bool has_ended(pid_t pid, long milliseconds)
{
	struct pollfd item = { .events = POLLIN };
	int ready;

	item.fd = syscall(SYS_pidfd_open, pid, 0);
	if (item.fd < 0)
		return errno == ESRCH;
	do {
		ready = poll(&item, 1, milliseconds);
	} while (ready < 0 && errno == EINTR);
	close(item.fd);
	return ready > 0;
}

void show_place(pid_t pid)
{
	char path[40], line[256];
	int lines = 0;
	FILE *file;

	/* For root alone, and only if the kernel was built with it. */
	snprintf(path, sizeof(path), "/proc/%d/stack", (int)pid);
	file = fopen(path, "re");
	while (file && lines++ < 8 && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		note("process %d: %s", (int)pid, line);
	}
	if (file)
		fclose(file);
}

int ending(pid_t child)
{
	int status;

	if (has_ended(child, 1000 * limit)) {
		if (waitpid(child, &status, 0) == child)
			return status;
		give_up("waitpid() gives a status", "%s", strerror(errno));
	}
	show_place(child);
	check(false, "the process ends", "process %d is still there after %ld s (state %c)",
	      (int)child, limit, state_of(child));
	return -1;
}

bool ends_with(pid_t child, int status)
{
	int seen = ending(child);

	if (seen < 0)
		return false;
	if (WIFSIGNALED(seen))
		return check(false, "the process ends by itself",
			     "signal %d (%s) killed it; an oops of the kernel does that",
			     WTERMSIG(seen), strsignal(WTERMSIG(seen)));
	/* What went wrong in it, it said itself. */
	return WEXITSTATUS(seen) == status;
}

bool dies(pid_t child)
{
	int status;

	kill(child, SIGKILL);
	status = ending(child);
	return status >= 0 &&
	       check(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
		     "SIGKILL ends the process", "its wait status is %#x", status);
}

int gate(void)
{
	int made = eventfd(0, EFD_SEMAPHORE | EFD_CLOEXEC);

	if (made < 0)
		give_up("eventfd() makes a file", "%s", strerror(errno));
	return made;
}

void tell(int gate)
{
	if (eventfd_write(gate, 1))
		give_up("a write to an eventfd", "%s", strerror(errno));
}

bool told_within(int gate, long milliseconds)
{
	struct pollfd item = { .fd = gate, .events = POLLIN };
	eventfd_t unused;
	int ready;

	do {
		ready = poll(&item, 1, milliseconds);
	} while (ready < 0 && errno == EINTR);
	return ready > 0 && !eventfd_read(gate, &unused);
}

bool told(int gate)
{
	return told_within(gate, 1000 * limit);
}
