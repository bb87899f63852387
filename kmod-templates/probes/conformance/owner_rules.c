// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of who is signalled: owners of each kind, and descriptors that were
 * inherited or duplicated.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conformance.h"

#define NOBODY	65534

static int ready, finish;

/* Waits for the signal; ends with 0 when it comes. */
static int be_signalled(void *unused)
{
	(void)unused;
	tell(ready);
	return !check(listen_for(signal_of(0), NULL), "the owner hears the device",
		      "no signal within %ld s", limit);
}

static bool parent_hears_nothing(void)
{
	unsigned int came = pending(signal_of(0));

	return check(!came, "nobody but the owner is signalled",
		     "%u signals came to another process", came);
}

static bool other_process(void)
{
	pid_t child;

	ready = gate();
	child = start(be_signalled, NULL);
	arm_for(fd, signal_of(0), child);
	if (!told(ready))
		return false;
	feed();
	return ends_with(child, 0) && parent_hears_nothing();
}

static bool group(void)
{
	pid_t members[2];

	ready = gate();
	for (int i = 0; i < 2; i++) {
		members[i] = start(be_signalled, NULL);
		if (setpgid(members[i], members[0]))
			give_up("setpgid() makes a group", "%s", strerror(errno));
		if (!told(ready))
			return false;
	}
	arm_for(fd, signal_of(0), -members[0]);
	feed();
	return ends_with(members[0], 0) && ends_with(members[1], 0) && parent_hears_nothing();
}

static pid_t thread_id;

static void *listen_in_thread(void *came)
{
	thread_id = syscall(SYS_gettid);
	tell(ready);
	*(bool *)came = listen_for(signal_of(0), NULL);
	return NULL;
}

/* All threads block the signal: it stays with the one that it was sent to. */
static bool thread(void)
{
	struct f_owner_ex owner = { .type = F_OWNER_TID };
	bool came = false;
	pthread_t other;

	ready = gate();
	if (pthread_create(&other, NULL, listen_in_thread, &came) || !told(ready))
		give_up("a thread starts", "it did not");
	arm(fd, signal_of(0));
	owner.pid = thread_id;
	if (fcntl(fd, F_SETOWN_EX, &owner))
		give_up("F_SETOWN_EX takes a thread", "%s", strerror(errno));
	feed();
	pthread_join(other, NULL);
	return check(came, "the thread that owns the file hears the device",
		     "no signal within %ld s", limit) &&
	       parent_hears_nothing();
}

/* Gives the file to a process that it must not signal. */
static int give_away(void *unused)
{
	(void)unused;
	if (setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY))
		return !check(false, "root can become another user", "%s", strerror(errno));
	arm_for(fd, signal_of(0), getppid());
	return 0;
}

static bool permission(void)
{
	if (geteuid())
		skip("it takes root to become another user");
	if (!ends_with(start(give_away, NULL), 0))
		return false;
	notify_all();
	if (!check(!pending(signal_of(0)) && !pending(SIGIO),
		   "a user's file cannot signal another user's process",
		   "a signal of nobody's came to a process of root"))
		return false;
	/* Without this, silence would prove nothing. */
	arm(fd, signal_of(0));
	feed();
	return check(listen_for(signal_of(0), NULL), "the process hears files of its own",
		     "no signal within %ld s", limit);
}

static bool no_owner(void)
{
	arm_for(fd, signal_of(0), 0);
	notify_all();
	return parent_hears_nothing();
}

static bool hears(const char *when)
{
	pending(signal_of(0));
	feed();
	if (listen_for(signal_of(0), NULL)) {
		drain();
		pending(signal_of(0));
		return true;
	}
	note("%s", when);
	return check(false, "the owner hears the device as long as the file is open",
		     "no signal within %ld s", limit);
}

static bool duplicated(void)
{
	int file = open_device(O_NONBLOCK);
	int copy = fcntl(file, F_DUPFD_CLOEXEC, 0);

	arm(file, signal_of(0));
	doing("close(2) of a duplicated descriptor: .flush, not .release");
	close(file);
	if (!hears("after the first of two descriptors was closed"))
		return false;
	close(copy);
	drain();
	pending(signal_of(0));
	notify_all();
	return parent_hears_nothing();
}

static int keep_open(void *unused)
{
	(void)unused;
	tell(ready);
	return !told(finish);
}

static bool forked(void)
{
	int file = open_device(O_NONBLOCK);
	pid_t child;

	ready = gate();
	finish = gate();
	arm(file, signal_of(0));
	child = start(keep_open, NULL);
	if (!told(ready) || !hears("while a child has the descriptor, too"))
		return false;
	tell(finish);
	if (!ends_with(child, 0) || !hears("after a child with the descriptor has ended"))
		return false;
	child = start(keep_open, NULL);
	if (!told(ready))
		return false;
	close(file);
	if (!hears("while only a child has the descriptor"))
		return false;
	tell(finish);
	if (!ends_with(child, 0))
		return false;
	drain();
	pending(signal_of(0));
	notify_all();
	return parent_hears_nothing();
}

const struct rule owner_rules[] = {
	{ "owner.process", "F_SETOWN: the owning process is signalled, and no other", "read,fasync",
	  "the driver signals current, or who opened it, and not by kill_fasync()",
	  other_process },
	{ "owner.group", "F_SETOWN: a process group is signalled", "read,fasync",
	  "the driver signals by itself and not by kill_fasync()",
	  group },
	{ "owner.thread", "F_SETOWN_EX: a thread is signalled", "read,fasync",
	  "the driver signals by itself and not by kill_fasync()",
	  thread },
	{ "owner.none", "without an owner nobody is signalled", "read,fasync",
	  "the driver sets an owner, or signals by itself",
	  no_owner },
	{ "owner.permission", "who may not signal a process does not by a file", "read,fasync",
	  "the driver signals by itself, or changes f_owner; the kernel checks permission",
	  permission },
	{ "owner.dup", "a duplicate keeps the signals, the last close ends them", "read,fasync",
	  "the file is taken off the list in .flush; that belongs in .release",
	  duplicated },
	{ "owner.fork", "an inherited descriptor keeps the signals", "read,fasync",
	  "the file is taken off the list in .flush; that belongs in .release",
	  forked },
	{ 0 }
};
