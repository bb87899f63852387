// SPDX-License-Identifier: EPL-2.0
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"

/* glibc's thread-local data and vsnprintf() need room; the default of 8 MiB is much on a board. */
#define STACK_BYTES (256 * 1024)

struct job {
	struct request request;
	void (*run)(const struct request *request);
	uint8_t payload[];
};

int thread_start(void *(*main)(void *argument), void *argument)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	error = pthread_create(&thread, &attributes, main, argument);
	pthread_attr_destroy(&attributes);
	return error;
}

static void *job_main(void *argument)
{
	struct job *job = argument;

	job->run(&job->request);
	free(job);
	return NULL;
}

bool job_start(const struct request *request, void (*run)(const struct request *request))
{
	struct job *job = malloc(sizeof(*job) + request->length);
	int error = ENOMEM;

	if (job) {
		memcpy(job->payload, request->payload, request->length);
		job->request = *request;
		job->request.payload = job->payload;
		job->run = run;
		error = thread_start(job_main, job);
	}
	if (error) {
		free(job);
		reply_error(request->id, error, "cannot start a thread: %s", strerror(error));
	}
	return !error;
}
