// SPDX-License-Identifier: EPL-2.0
/* posix-aio FILE DEPTH DIRECT: glibc's aio_read and aio_suspend. */
#include "reads.h"
#include <aio.h>

static void start(struct reads *r, struct aiocb *cb)
{
	cb->aio_offset = (off_t)(r->submitted++ * BLOCK);
	if (aio_read(cb))
		die("aio_read");
}

int main(int argc, char **argv)
{
	const struct aiocb **list;
	struct aiocb *cbs;
	struct reads r;

	reads_open(&r, argc, argv);
	cbs = calloc(r.depth, sizeof(*cbs));
	list = calloc(r.depth, sizeof(*list));
	if (!cbs || !list)
		die("calloc");
	for (unsigned int i = 0; i < r.depth; i++) {
		cbs[i].aio_fildes = r.fd;
		cbs[i].aio_buf = r.buffers + (size_t)BLOCK * i;
		cbs[i].aio_nbytes = BLOCK;
		cbs[i].aio_sigevent.sigev_notify = SIGEV_NONE;
		list[i] = &cbs[i];
		start(&r, &cbs[i]);
	}
	while (r.done < r.blocks) {
		if (aio_suspend(list, (int)r.depth, NULL) && errno != EINTR)
			die("aio_suspend");
		for (unsigned int i = 0; i < r.depth; i++) {
			if (!list[i] || aio_error(&cbs[i]) == EINPROGRESS)
				continue;
			reads_ended(&r, aio_return(&cbs[i]));
			if (r.submitted < r.blocks)
				start(&r, &cbs[i]);
			else
				list[i] = NULL;
		}
	}
	reads_report(&r);
	return 0;
}
