// SPDX-License-Identifier: EPL-2.0
/* Programs that the host has run here. Everything in this file belongs to the main thread. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent.h"

#define CHUNK		(32 * 1024)
/* What a program can have left in a pipe when it ends. */
#define PIPE_MAX	(1024 * 1024)

enum { IN, OUT, ERR, PIPES };

struct command {
	uint32_t id;
	pid_t pid;
	int pipes[PIPES];
	uint8_t *input;
	uint32_t input_id;
	size_t input_length;
	size_t input_done;
	struct command *next;
};

static struct command *commands;

static struct command *by_id(uint32_t id)
{
	struct command *command = commands;

	while (command && command->id != id)
		command = command->next;
	return command;
}

static void close_pipe(struct command *command, int which)
{
	if (command->pipes[which] >= 0)
		close(command->pipes[which]);
	command->pipes[which] = -1;
}

/* In the child: nothing but calls that are safe between fork and exec. */
static void become(char **argv, int *pipes, int report)
{
	sigset_t none;
	int error;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int number = 1; number < 32; number++)
		signal(number, SIG_DFL);
	setsid();
	if (dup2(pipes[IN], STDIN_FILENO) >= 0 && dup2(pipes[OUT], STDOUT_FILENO) >= 0 &&
	    dup2(pipes[ERR], STDERR_FILENO) >= 0)
		execvp(argv[0], argv);
	error = errno;
	(void)!write(report, &error, sizeof(error));
	_exit(127);
}

/* Pipes whose agent's end is ours[i] and whose program's end is theirs[i]. */
static int make_pipes(int *ours, int *theirs)
{
	for (int i = 0; i < PIPES; i++) {
		int ends[2];

		if (pipe2(ends, O_CLOEXEC))
			return -1;
		ours[i] = ends[i == IN ? 1 : 0];
		theirs[i] = ends[i == IN ? 0 : 1];
		fcntl(ours[i], F_SETFL, O_NONBLOCK);
	}
	return 0;
}

static void close_all(int *fds)
{
	for (int i = 0; i < PIPES; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
		fds[i] = -1;
	}
}

/* Starts the program; 0 or an errno. Returns when exec is done, and knows whether it worked. */
static int spawn(struct command *command, char **argv)
{
	int theirs[PIPES] = { -1, -1, -1 };
	int report[2] = { -1, -1 };
	int error = 0;

	if (make_pipes(command->pipes, theirs) || pipe2(report, O_CLOEXEC)) {
		error = errno;
		goto out;
	}
	command->pid = fork();
	if (command->pid < 0) {
		error = errno;
		goto out;
	}
	if (!command->pid)
		become(argv, theirs, report[1]);
	close(report[1]);
	report[1] = -1;
	/* The end of file comes from exec, which closes the child's end. */
	while (read(report[0], &error, sizeof(error)) < 0 && errno == EINTR)
		;
	if (error)
		waitpid(command->pid, NULL, 0);
out:
	close_all(theirs);
	if (error)
		close_all(command->pipes);
	for (int i = 0; i < 2; i++) {
		if (report[i] >= 0)
			close(report[i]);
	}
	return error;
}

static char **arguments(const struct request *request)
{
	struct reader reader = reader_of(request);
	size_t count = 0;
	char **argv;

	for (uint32_t i = 0; i < request->length; i++)
		count += !request->payload[i];
	argv = calloc(count + 1, sizeof(*argv));
	for (size_t i = 0; argv && i < count; i++)
		argv[i] = (char *)read_string(&reader);
	if (argv && (!count || reader.at != reader.end)) {
		free(argv);
		errno = EINVAL;
		return NULL;
	}
	return argv;
}

void command_run(const struct request *request)
{
	struct command *command = calloc(1, sizeof(*command));
	char **argv = arguments(request);
	int error = 0;

	if (!command || !argv) {
		error = command ? errno : ENOMEM;
		reply_error(request->id, error,
			    error == ENOMEM ? "no memory for a program" : "RUN needs a program");
		goto fail;
	}
	command->id = request->id;
	for (int i = 0; i < PIPES; i++)
		command->pipes[i] = -1;
	error = spawn(command, argv);
	if (error) {
		reply_error(request->id, error, "cannot run %s: %s", argv[0], strerror(error));
		goto fail;
	}
	command->next = commands;
	commands = command;
	reply_ok(request->id, NULL, 0);
	free(argv);
	return;
fail:
	free(argv);
	free(command);
}

static void input_end(struct command *command, int error)
{
	if (error) {
		close_pipe(command, IN);
		reply_error(command->input_id, error, "the program reads no more input: %s",
			    strerror(error));
	} else {
		reply_ok(command->input_id, NULL, 0);
	}
	free(command->input);
	command->input = NULL;
}

static void input_pump(struct command *command)
{
	ssize_t n;

	while (command->input_done < command->input_length) {
		n = write(command->pipes[IN], command->input + command->input_done,
			  command->input_length - command->input_done);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0 && errno != EINTR) {
			input_end(command, errno);
			return;
		}
		if (n > 0)
			command->input_done += n;
	}
	input_end(command, 0);
}

void command_input(const struct request *request)
{
	struct reader reader = reader_of(request);
	struct command *command = by_id(read_u32(&reader));
	size_t length = reader.end - reader.at;

	if (reader.bad || !command) {
		reply_error(request->id, ESRCH, "the program has ended");
	} else if (command->input) {
		reply_error(request->id, EBUSY, "the input before this one is not yet read");
	} else if (command->pipes[IN] < 0) {
		reply_error(request->id, EPIPE, "the program's input has ended");
	} else if (!length) {
		close_pipe(command, IN);
		reply_ok(request->id, NULL, 0);
	} else {
		command->input = malloc(length);
		if (!command->input) {
			reply_error(request->id, ENOMEM, "no memory for input");
			return;
		}
		memcpy(command->input, reader.at, length);
		command->input_id = request->id;
		command->input_length = length;
		command->input_done = 0;
		input_pump(command);
	}
}

void command_signal(const struct request *request)
{
	struct reader reader = reader_of(request);
	struct command *command = by_id(read_u32(&reader));
	int number = read_u32(&reader);

	if (reader.bad || !command)
		reply_error(request->id, ESRCH, "the program has ended");
	/* Its whole session, as a terminal's interrupt key does: a shell's children, too. */
	else if (kill(-command->pid, number) && kill(command->pid, number))
		reply_error(request->id, errno, "cannot signal: %s", strerror(errno));
	else
		reply_ok(request->id, NULL, 0);
}

/* Hands on what is in the pipe, up to a limit; 0 when the pipe has ended or is empty. */
static void output_pump(struct command *command, int which, size_t limit)
{
	static uint8_t chunk[CHUNK];

	while (limit && command->pipes[which] >= 0) {
		ssize_t n = read(command->pipes[which], chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			close_pipe(command, which);
			return;
		}
		frame_send(which == OUT ? FRAME_STDOUT : FRAME_STDERR, command->id, chunk, n);
		limit -= (size_t)n < limit ? (size_t)n : limit;
	}
}

/* Its output ends with the program; one of its children that still prints is not listened to. */
static void end(struct command *command, int status)
{
	uint8_t payload[4];

	output_pump(command, OUT, PIPE_MAX);
	output_pump(command, ERR, PIPE_MAX);
	if (command->input)
		input_end(command, EPIPE);
	for (int i = 0; i < PIPES; i++)
		close_pipe(command, i);
	put_u32(payload, WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
	frame_send(FRAME_EXIT, command->id, payload, sizeof(payload));
	free(command);
}

/* Also takes in the orphans that PID 1 inherits. */
void command_reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		struct command **link = &commands;

		while (*link && (*link)->pid != pid)
			link = &(*link)->next;
		if (*link) {
			struct command *command = *link;

			*link = command->next;
			end(command, status);
		}
	}
}

size_t command_poll_count(void)
{
	size_t count = 0;

	for (struct command *command = commands; command; command = command->next)
		count += PIPES;
	return count;
}

void command_poll_fill(struct pollfd *fds)
{
	for (struct command *command = commands; command; command = command->next) {
		for (int i = 0; i < PIPES; i++, fds++) {
			bool idle = i == IN && !command->input;

			fds->fd = idle ? -1 : command->pipes[i];
			fds->events = i == IN ? POLLOUT : POLLIN;
			fds->revents = 0;
		}
	}
}

/* The same commands, in the same order, as when filled: nothing else runs in between. */
void command_poll_done(const struct pollfd *fds)
{
	for (struct command *command = commands; command; command = command->next, fds += PIPES) {
		if (fds[IN].revents && command->input)
			input_pump(command);
		if (fds[OUT].revents)
			output_pump(command, OUT, CHUNK);
		if (fds[ERR].revents)
			output_pump(command, ERR, CHUNK);
	}
}

void command_kill_all(void)
{
	for (struct command *command = commands; command; command = command->next)
		kill(-command->pid, SIGKILL);
}
