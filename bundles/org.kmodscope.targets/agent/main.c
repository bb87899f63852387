// SPDX-License-Identifier: EPL-2.0
/*
 * kmodscope's agent: does in a target what the host asks for over the control channel, and sends
 * what happens over the event channel (docs/adr/0001, 0003).
 *
 *	kmodscope-agent (--control PORT | --stdio) --events PORT [--port PORT]... [--trace]
 *
 * PORT is a path, or virtio:NAME for a virtio-serial port. --port makes further ports reachable
 * under /dev/virtio-ports, or prepares a serial line for somebody else. --trace asks the kernel for
 * its side of each signal, too.
 *
 * Threads: main (control channel, programs), the writer of events, the watcher of signals, the
 * reader of the kernel log, the reader of its trace, and one for each request that may take long.
 * None takes a signal other than through a signalfd. As PID 1 it reaps orphans, and powers the
 * machine off at its end.
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

static int control_in = -1;
static int control_out = -1;
static int events_out = -1;
static int children = -1;
static bool greeted;
static bool tracing;

static void leave(int status) __attribute__((noreturn));

static void leave(int status)
{
	command_kill_all();
	trace_stop();
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
		} else if (!strcmp(argv[i], "--trace")) {
			tracing = true;
		} else if (!strcmp(argv[i], "--port")) {
			port_keep(open_or_die(argument_of(argc, argv, ++i), O_RDWR));
		} else {
			die("unknown argument %s", argv[i]);
		}
	}
	if (control_in < 0 || events_out < 0)
		die("--control PORT (or --stdio) and --events PORT are needed");
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

static void open_children(void)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	children = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (children < 0)
		die("signalfd: %s", strerror(errno));
}

static void greet(void)
{
	uint8_t payload[16 + 2 * sizeof(((struct utsname *)0)->release)];
	struct utsname system;
	uint8_t *at = payload;

	uname(&system);
	at = put_u32(at, PROTOCOL_VERSION);
	at = put_u32(at, EVENT_VERSION);
	at = put_u64(at, now());
	at = (uint8_t *)stpcpy((char *)at, system.release) + 1;
	at = (uint8_t *)stpcpy((char *)at, system.machine) + 1;
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

static void children_read(void)
{
	struct signalfd_siginfo ignored[16];

	while (read(children, ignored, sizeof(ignored)) > 0)
		;
	command_reap();
}

static void serve(void)
{
	struct pollfd *fds = NULL;
	size_t room = 0;

	for (;;) {
		size_t count = 2 + command_poll_count();

		if (count > room) {
			room = 2 * count;
			fds = realloc(fds, room * sizeof(*fds));
			if (!fds)
				die("no memory");
		}
		fds[0] = (struct pollfd){ .fd = control_in, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = children, .events = POLLIN };
		command_poll_fill(fds + 2);
		if (poll(fds, count, -1) < 0 && errno != EINTR)
			die("poll: %s", strerror(errno));
		/* Programs first: reading a request may add one, reaping removes some. */
		command_poll_done(fds + 2);
		if (fds[1].revents)
			children_read();
		if (fds[0].revents)
			control_read();
	}
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	int error;

	/* One file in the lab, two programs. */
	if (!strcmp(name ? name + 1 : argv[0], "kmodscope-faults"))
		return faults_main(argc, argv);
	open_ports(argc, argv);
	prepare_process();
	open_children();
	frame_open(control_out);
	error = emit_start(events_out);
	if (!error)
		error = watch_start();
	if (error)
		die("cannot start: %s", strerror(error));
	greet();
	/* Some places hide the kernel's log; everything else works without it. */
	error = klog_start();
	if (error)
		fprintf(stderr, "kmodscope-agent: no kernel log: %s\n", strerror(error));
	/* In a lab of its own; a board's kernel is not traced without being asked. */
	error = getpid() == 1 || tracing ? trace_start() : 0;
	if (error)
		fprintf(stderr, "kmodscope-agent: no kernel trace: %s\n", strerror(error));
	serve();
}
