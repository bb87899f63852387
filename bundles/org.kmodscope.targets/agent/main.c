// SPDX-License-Identifier: EPL-2.0
/*
 * kmodscope's agent: does in a target what the host asks for over the control channel, and sends
 * what happens over the event channel (docs/adr/0001, 0003).
 *
 *	kmodscope-agent --control PORT --events PORT [--port PORT]...
 *	kmodscope-agent --stdio (--home DIRECTORY | --events PORT) [--trace]
 *	kmodscope-agent --attach DIRECTORY
 *
 * The first is a lab's. PORT is a path, or virtio:NAME for a virtio-serial port. --port makes
 * further ports reachable under /dev/virtio-ports, or prepares a serial line for somebody else. The
 * others are for machines that are no labs (home.c). --trace asks the kernel for its side of each
 * signal, too.
 *
 * Threads: main (control channel, programs), the writer of events, the watcher of signals, the
 * reader of the kernel log, the reader of its trace, and one for each request that may take long.
 * None takes a signal other than through a signalfd. As PID 1 it reaps orphans, and powers the
 * machine off at its end; as any other process it leaves the machine as it found it.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "agent.h"

/* 80 bytes of kernel memory each, when they are queued. */
#define PENDING_SIGNALS		262144
#define CONTROL_MAX		(FRAME_HEADER_BYTES + FRAME_PAYLOAD_MAX)
#define NOTES_MAX		256

static int control_in = -1;
static int control_out = -1;
static int events_out = -1;
static int events_listening = -1;
static int signals = -1;
static bool greeted;
static bool tracing;
static char notes[NOTES_MAX];

static void leave(int status) __attribute__((noreturn));

static void leave(int status)
{
	command_kill_all();
	trace_stop();
	home_remove();
	module_leave();
	if (getpid() == 1) {
		sync();
		reboot(RB_POWER_OFF);
	}
	exit(status);
}

void die(const char *format, ...)
{
	va_list arguments;

	fputs("kmodscope-agent: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	leave(1);
}

static int open_or_die(const char *where, int flags)
{
	int fd = port_open(where, flags);

	if (fd < 0)
		die("cannot open %s: %s", where, strerror(errno));
	return fd;
}

static const char *argument_of(int argc, char **argv, int i)
{
	if (i >= argc)
		die("%s needs a value", argv[i - 1]);
	return argv[i];
}

/* A serial line stays open: its last close would end it for whoever comes later. */
static void port_keep(int fd)
{
	if (!isatty(fd))
		close(fd);
}

static void open_ports(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--stdio")) {
			control_in = STDIN_FILENO;
			control_out = STDOUT_FILENO;
		} else if (!strcmp(argv[i], "--control")) {
			control_in = open_or_die(argument_of(argc, argv, ++i), O_RDWR);
			control_out = control_in;
		} else if (!strcmp(argv[i], "--events")) {
			events_out = open_or_die(argument_of(argc, argv, ++i), O_WRONLY);
		} else if (!strcmp(argv[i], "--home")) {
			events_listening = home_open(argument_of(argc, argv, ++i));
			if (events_listening < 0)
				die("cannot live in %s: %s", argv[i], strerror(errno));
		} else if (!strcmp(argv[i], "--trace")) {
			tracing = true;
		} else if (!strcmp(argv[i], "--port")) {
			port_keep(open_or_die(argument_of(argc, argv, ++i), O_RDWR));
		} else {
			die("unknown argument %s", argv[i]);
		}
	}
	if (control_in < 0 || (events_out < 0 && events_listening < 0))
		die("--control PORT (or --stdio) and --events PORT (or --home) are needed");
}

static void prepare_process(void)
{
	struct rlimit pending = { PENDING_SIGNALS, PENDING_SIGNALS };
	struct rlimit allowed;
	sigset_t all;

	signal(SIGPIPE, SIG_IGN);
	/* Before the first thread, so that all of them inherit it. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (setrlimit(RLIMIT_SIGPENDING, &pending) && !getrlimit(RLIMIT_SIGPENDING, &allowed)) {
		allowed.rlim_cur = allowed.rlim_max;
		setrlimit(RLIMIT_SIGPENDING, &allowed);
	}
	if (getpid() == 1) {
		setenv("PATH", "/sbin:/bin:/usr/sbin:/usr/bin", 1);
		setenv("HOME", "/", 1);
	}
}

static void open_signals(void)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	/* Ways to be told to end. PID 1 ends when its host says so. */
	if (getpid() != 1) {
		sigaddset(&mask, SIGHUP);
		sigaddset(&mask, SIGINT);
		sigaddset(&mask, SIGTERM);
	}
	signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		die("signalfd: %s", strerror(errno));
}

/* What does not work here, while everything else does; the host tells its user. */
static void without(const char *what, int error)
{
	size_t used = strlen(notes);

	if (!error)
		return;
	fprintf(stderr, "kmodscope-agent: no %s: %s\n", what, strerror(error));
	snprintf(notes + used, sizeof(notes) - used, "%sno %s: %s", used ? "; " : "", what,
		 strerror(error));
}

static void greet(void)
{
	uint8_t payload[20 + 2 * sizeof(((struct utsname *)0)->release) + NOTES_MAX];
	struct utsname system;
	uint8_t *at = payload;

	uname(&system);
	at = put_u32(at, PROTOCOL_VERSION);
	at = put_u32(at, EVENT_VERSION);
	at = put_u64(at, now());
	at = put_u32(at, geteuid());
	at = (uint8_t *)stpcpy((char *)at, system.release) + 1;
	at = (uint8_t *)stpcpy((char *)at, system.machine) + 1;
	at = (uint8_t *)stpcpy((char *)at, notes) + 1;
	frame_send(FRAME_GREETING, 0, payload, at - payload);
}

static void hello(const struct request *request)
{
	struct reader reader = reader_of(request);
	uint32_t version = read_u32(&reader);

	if (reader.bad || version != PROTOCOL_VERSION) {
		reply_error(request->id, EPROTO, "this agent speaks protocol %d, the tool %u",
			    PROTOCOL_VERSION, version);
		leave(1);
	}
	greeted = true;
	reply_ok(request->id, NULL, 0);
}

static void sequence(const struct request *request)
{
	uint8_t payload[4];

	/*
	 * Signals that are queued have happened: their events count. When a driver's read() keeps
	 * the watcher from them, they are lost, and nobody knows how many.
	 */
	if (!watch_fence())
		emit(now(), EVENT_OVERFLOW, 0, 0, 0, 0, 0);
	put_u32(payload, emit_sequence());
	reply_ok(request->id, payload, sizeof(payload));
}

static void handle(const struct request *request)
{
	if (!greeted && request->type != FRAME_HELLO) {
		reply_error(request->id, EPROTO, "the first request must be HELLO");
		return;
	}
	switch (request->type) {
	case FRAME_HELLO:
		hello(request);
		break;
	case FRAME_RUN:
		command_run(request);
		break;
	case FRAME_STDIN:
		command_input(request);
		break;
	case FRAME_SIGNAL:
		command_signal(request);
		break;
	case FRAME_PUT:
		file_put(request);
		break;
	case FRAME_LOAD:
		job_start(request, module_load);
		break;
	case FRAME_UNLOAD:
		job_start(request, module_unload);
		break;
	case FRAME_ARM:
		job_start(request, watch_arm);
		break;
	case FRAME_DISARM:
		job_start(request, watch_disarm);
		break;
	case FRAME_STIMULATE:
		stimulate_start(request);
		break;
	case FRAME_CANCEL:
		stimulate_cancel(request);
		break;
	case FRAME_SEQUENCE:
		job_start(request, sequence);
		break;
	case FRAME_SHUTDOWN:
		reply_ok(request->id, NULL, 0);
		leave(0);
	default:
		reply_error(request->id, ENOSYS, "unknown request %u", request->type);
	}
}

static void control_read(void)
{
	static uint8_t buffer[CONTROL_MAX];
	static size_t used;
	struct reader reader = { .at = buffer };
	ssize_t n = read(control_in, buffer + used, sizeof(buffer) - used);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	/* Nobody is there any more. */
	if (n <= 0)
		leave(0);
	used += n;
	reader.end = buffer + used;
	while (reader.end - reader.at >= FRAME_HEADER_BYTES) {
		const uint8_t *start = reader.at;
		struct request request = { .length = read_u32(&reader) };

		request.type = read_u32(&reader);
		request.id = read_u32(&reader);
		request.payload = reader.at;
		if (request.length > FRAME_PAYLOAD_MAX)
			die("a frame of %u bytes is not of this protocol", request.length);
		if ((size_t)(reader.end - reader.at) < request.length) {
			reader.at = start;
			break;
		}
		reader.at += request.length;
		handle(&request);
	}
	used = reader.end - reader.at;
	memmove(buffer, reader.at, used);
}

static void signals_read(void)
{
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo != SIGCHLD)
			leave(0);
	}
	command_reap();
}

/* One reader; events from before it came wait in their ring. */
static void events_begin(void)
{
	int error;

	events_out = home_accept(events_listening);
	if (events_out < 0)
		return;
	close(events_listening);
	events_listening = -1;
	error = emit_start(events_out);
	if (error)
		die("cannot send events: %s", strerror(error));
}

enum { CONTROL, SIGNALS, LISTENING, COMMANDS };

static void serve(void)
{
	struct pollfd *fds = NULL;
	size_t room = 0;

	for (;;) {
		size_t count = COMMANDS + command_poll_count();

		if (count > room) {
			room = 2 * count;
			fds = realloc(fds, room * sizeof(*fds));
			if (!fds)
				die("no memory");
		}
		fds[CONTROL] = (struct pollfd){ .fd = control_in, .events = POLLIN };
		fds[SIGNALS] = (struct pollfd){ .fd = signals, .events = POLLIN };
		fds[LISTENING] = (struct pollfd){ .fd = events_listening, .events = POLLIN };
		command_poll_fill(fds + COMMANDS);
		if (poll(fds, count, -1) < 0 && errno != EINTR)
			die("poll: %s", strerror(errno));
		/* Programs first: reading a request may add one, reaping removes some. */
		command_poll_done(fds + COMMANDS);
		if (fds[SIGNALS].revents)
			signals_read();
		if (fds[LISTENING].revents)
			events_begin();
		if (fds[CONTROL].revents)
			control_read();
	}
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	int error = 0;

	/* One file, three programs. */
	if (!strcmp(name ? name + 1 : argv[0], "kmodscope-faults"))
		return faults_main(argc, argv);
	if (argc == 3 && !strcmp(argv[1], "--attach"))
		return attach_main(argv[2]);
	open_ports(argc, argv);
	prepare_process();
	open_signals();
	frame_open(control_out);
	if (events_out >= 0)
		error = emit_start(events_out);
	if (!error)
		error = watch_start();
	if (error)
		die("cannot start: %s", strerror(error));
	/* Some places hide the kernel's log or its trace; everything else works without them. */
	without("kernel log", klog_start());
	/* In a lab of its own; a board's kernel is not traced without being asked. */
	if (getpid() == 1 || tracing)
		without("kernel trace", trace_start());
	greet();
	serve();
}
