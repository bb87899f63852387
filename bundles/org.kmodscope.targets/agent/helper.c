// SPDX-License-Identifier: EPL-2.0
/*
 * kmodscope's helper: the one program of kmodscope that runs as root on a developer's own machine,
 * by pkexec or sudo (docs/adr: the local target). It is not setuid.
 *
 *	kmodscope-helper load /PATH/NAME.ko [PARAMETER=VALUE]...
 *	kmodscope-helper permit NAME	what devices NAME made in its init become the caller's
 *	kmodscope-helper unload NAME
 *	kmodscope-helper log		the kernel's lines, until standard input ends
 *	kmodscope-helper version
 *
 * The calling user is who pkexec or sudo say it is; nothing else of the environment is looked at.
 * A module's file has to be a regular file of that user's, in a directory of that user's, with no
 * link on the way, and neither writable by everyone. Only a module that was loaded like this can be
 * unloaded or have its devices given away, by the same user: a file of root's says who loaded it.
 * There is no shell, no configuration, and no other program is started.
 *
 * On standard output come lines "log LEVEL SEQUENCE MICROSECONDS TEXT" and "device /dev/NODE"; when
 * the kernel refuses, standard error begins with "refused ERRNO MEANING".
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper.h"
#include "meaning.h"

#define VERSION	1

void stop(enum helper_exit how, const char *format, ...)
{
	va_list arguments;

	fputs("kmodscope-helper: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(how);
}

static void refuse(int error, const char *meaning)
{
	fprintf(stderr, "refused %d %s\n", error, meaning);
	exit(EXIT_REFUSED);
}

/* A file that is opened later must not take the place of a stream that the caller closed. */
static void keep_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			_exit(EXIT_MACHINE);
}

/* What a process inherits from its caller, and could be stopped by half-way. */
static void settle(void)
{
	static const int limits[] = { RLIMIT_CPU, RLIMIT_FSIZE };
	struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		setrlimit(limits[i], &none);
	umask(022);
	if (clearenv() || chdir("/"))
		stop(EXIT_MACHINE, "cannot begin: %s", strerror(errno));
}

static uid_t calling_user(void)
{
	const char *polkit = getenv("PKEXEC_UID");
	const char *sudo = getenv("SUDO_UID");
	const char *said = polkit ? polkit : sudo;
	unsigned long uid;
	char *end;

	if (polkit && sudo)
		stop(EXIT_RULES, "both pkexec and sudo claim to have called this");
	if (!said)
		return getuid();
	errno = 0;
	uid = strtoul(said, &end, 10);
	if (*said < '0' || *said > '9' || *end || errno || uid >= (uid_t)-1)
		stop(EXIT_RULES, "the calling user is not a number");
	return uid;
}

/* Devices that appear while a module is loaded are its own: so one at a time. */
static void lock(int state)
{
	int file = openat(state, ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (file < 0)
		stop(EXIT_MACHINE, "%s/.lock: %s", helper_state, strerror(errno));
	if (flock(file, LOCK_EX | LOCK_NB))
		stop(EXIT_MACHINE, "another module is being loaded or unloaded, or hangs in it");
}

static void load(const struct order *order, uid_t caller)
{
	static struct devices before;
	struct record record = { .uid = caller };
	int module = module_open(order->path, caller);
	int state = state_open(helper_state);
	int mark;
	int error;

	lock(state);
	if (kernel_has(order->name))
		refuse(EEXIST, load_meaning(EEXIST));
	/* Before, so that whatever happens the caller can unload what was loaded. */
	record_write(state, order->name, &record);
	devices_now(&before);
	mark = log_mark();
	error = kernel_load(module, order->parameters);
	log_since(mark);
	if (error) {
		unlinkat(state, order->name, 0);
		refuse(error, load_meaning(error));
	}
	devices_since(&before, &record);
	record_write(state, order->name, &record);
	if (!kernel_has(order->name))
		stop(EXIT_MACHINE,
		     "the module in %s is loaded, but is not called %s: it stays until root unloads it",
		     order->path, order->name);
}

static struct record loaded(int state, const struct order *order, uid_t caller)
{
	struct record record;

	if (!kernel_has(order->name))
		refuse(ENOENT, unload_meaning(ENOENT));
	if (!record_read(state, order->name, &record) || (caller && record.uid != caller))
		stop(EXIT_RULES, "%s was not loaded by this user with kmodscope", order->name);
	return record;
}

static void permit(const struct order *order, uid_t caller)
{
	int state = state_open(helper_state);
	struct record record;

	lock(state);
	record = loaded(state, order, caller);
	for (uint32_t i = 0; i < record.count; i++)
		device_permit(record.devices[i], caller);
}

static void unload(const struct order *order, uid_t caller)
{
	int state = state_open(helper_state);
	int mark;
	int error;

	lock(state);
	loaded(state, order, caller);
	mark = log_mark();
	error = kernel_unload(order->name);
	log_since(mark);
	if (error)
		refuse(error, unload_meaning(error));
	unlinkat(state, order->name, 0);
}

int main(int argc, char **argv)
{
	struct order order;
	uid_t caller;

	keep_streams();
	order = order_read(argc, argv);
	if (order.verb == VERB_VERSION) {
		printf("kmodscope-helper %d\n", VERSION);
		return 0;
	}
	if (!kernel_privileged())
		stop(EXIT_MACHINE, "this has to be started as root, by pkexec or sudo");
	caller = calling_user();
	settle();
	switch (order.verb) {
	case VERB_LOAD:
		load(&order, caller);
		break;
	case VERB_PERMIT:
		permit(&order, caller);
		break;
	case VERB_UNLOAD:
		unload(&order, caller);
		break;
	case VERB_LOG:
		log_follow();
		break;
	case VERB_VERSION:
		break;
	}
	return fflush(stdout) ? EXIT_MACHINE : 0;
}
