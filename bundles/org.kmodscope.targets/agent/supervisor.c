// SPDX-License-Identifier: EPL-2.0
/*
 * Runs a lab's process so that it cannot outlive its owner.
 *
 *	kmodscope-supervisor [--connect SOCKET]... PROGRAM [ARGUMENT]...
 *
 * The program inherits a connection to each of the Unix sockets, as descriptors 3, 4 and so on.
 *
 * Standard input is a pipe that the owner holds open. However the owner ends, the kernel closes it,
 * and its end of file kills the lab's process group. PR_SET_PDEATHSIG covers the other side: when
 * the supervisor itself is killed, the kernel kills the lab. The lab gets an empty standard input
 * and the supervisor's standard output and error.
 *
 * Exit status: that of the program, 128 + the signal that ended it, 137 when the owner let go, 127
 * when it could not be started.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_NO_START	127
#define EXIT_KILLED	(128 + SIGKILL)

#define FIRST_CONNECTION 3
#define CONNECTIONS_MAX	8

/* The lowest free descriptor is the next in the row: 0 to 2 are taken, and nothing else is open. */
static int connect_as(const char *path, int expected)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		fprintf(stderr, "kmodscope-supervisor: %s is too long for a socket\n", path);
		return -1;
	}
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		fprintf(stderr, "kmodscope-supervisor: cannot connect to %s: %s\n", path,
			strerror(errno));
		return -1;
	}
	if (fd != expected && (dup2(fd, expected) < 0 || close(fd))) {
		perror("kmodscope-supervisor: dup2");
		return -1;
	}
	return 0;
}

/* Returns where the program begins in argv, or -1. */
static int connect_all(int argc, char **argv)
{
	int connections = 0;
	int i = 1;

	for (; i + 1 < argc && !strcmp(argv[i], "--connect"); i += 2) {
		if (connections == CONNECTIONS_MAX)
			return -1;
		if (connect_as(argv[i + 1], FIRST_CONNECTION + connections++))
			return -1;
	}
	return i;
}

static void close_all(int connections)
{
	for (int i = 0; i < connections; i++)
		close(FIRST_CONNECTION + i);
}

static void become(char **argv, pid_t supervisor)
{
	int null = open("/dev/null", O_RDONLY);
	sigset_t none;

	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* Asked for only now: had the supervisor died before, no signal would come. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != supervisor)
		_exit(EXIT_NO_START);
	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0)
		execvp(argv[0], argv);
	fprintf(stderr, "kmodscope-supervisor: cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(EXIT_NO_START);
}

/* Whether the owner has let go. What it might write means nothing. */
static int owner_left(const struct pollfd *owner)
{
	char ignored[64];

	if (!owner->revents)
		return 0;
	return read(STDIN_FILENO, ignored, sizeof(ignored)) <= 0;
}

static int ended(pid_t child, int *status)
{
	pid_t pid;

	do {
		pid = waitpid(child, status, WNOHANG);
	} while (pid < 0 && errno == EINTR);
	return pid == child;
}

static int supervise(pid_t child, int signals)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	struct signalfd_siginfo info;
	int status;

	for (;;) {
		if (ended(child, &status)) {
			/* What it started and left behind. */
			kill(-child, SIGKILL);
			return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
		}
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if (owner_left(&fds[0]))
			break;
		/* SIGCHLD is looked into above; any other asks the supervisor to end. */
		if (fds[1].revents && read(signals, &info, sizeof(info)) == sizeof(info) &&
		    info.ssi_signo != SIGCHLD)
			break;
	}
	kill(-child, SIGKILL);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return EXIT_KILLED;
}

int main(int argc, char **argv)
{
	const struct rlimit no_core = { 0, 0 };
	pid_t self = getpid();
	sigset_t mask;
	pid_t child;
	int signals;
	int program;

	if (argc < 2 || (argc < 4 && !strcmp(argv[1], "--connect"))) {
		fputs("usage: kmodscope-supervisor [--connect SOCKET]... PROGRAM [ARGUMENT]...\n",
		      stderr);
		return 2;
	}
	program = connect_all(argc, argv);
	if (program < 0)
		return EXIT_NO_START;
	/* A kernel that runs as a process aborts when it panics; its core helps nobody. */
	setrlimit(RLIMIT_CORE, &no_core);
	/* A terminal's Ctrl-C is for the owner, who may want the lab to live a little longer. */
	setsid();
	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signals = signalfd(-1, &mask, SFD_CLOEXEC);
	if (signals < 0) {
		perror("kmodscope-supervisor: signalfd");
		return EXIT_NO_START;
	}
	child = fork();
	if (child < 0) {
		perror("kmodscope-supervisor: fork");
		return EXIT_NO_START;
	}
	if (!child)
		become(argv + program, self);
	setpgid(child, child);
	/* Only the lab's end may hold them: its owner has to see that they close. */
	close_all((program - 1) / 2);
	return supervise(child, signals);
}
