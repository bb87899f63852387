// SPDX-License-Identifier: EPL-2.0
/* kernel-aio FILE DEPTH DIRECT: what libaio does, by its system calls. */
#include "reads.h"
#include <linux/aio_abi.h>
#include <sys/syscall.h>

static void submit(aio_context_t context, struct iocb **list, long count)
{
	while (count > 0) {
		long taken = syscall(SYS_io_submit, context, count, list);

		if (taken < 0)
			die("io_submit");
		list += taken;
		count -= taken;
	}
}

int main(int argc, char **argv)
{
	aio_context_t context = 0;
	struct io_event *events;
	struct iocb *iocbs, **list;
	struct reads r;
	long count;

	reads_open(&r, argc, argv);
	iocbs = calloc(r.depth, sizeof(*iocbs));
	list = calloc(r.depth, sizeof(*list));
	events = calloc(r.depth, sizeof(*events));
	if (!iocbs || !list || !events)
		die("calloc");
	if (syscall(SYS_io_setup, r.depth, &context))
		die("io_setup");
	for (unsigned int i = 0; i < r.depth; i++) {
		iocbs[i].aio_data = i;
		iocbs[i].aio_lio_opcode = IOCB_CMD_PREAD;
		iocbs[i].aio_fildes = (uint32_t)r.fd;
		iocbs[i].aio_buf = (uintptr_t)(r.buffers + (size_t)BLOCK * i);
		iocbs[i].aio_nbytes = BLOCK;
		iocbs[i].aio_offset = (int64_t)(r.submitted++ * BLOCK);
		list[i] = &iocbs[i];
	}
	submit(context, list, r.depth);
	while (r.done < r.blocks) {
		long again = 0;

		count = syscall(SYS_io_getevents, context, 1, r.depth, events, NULL);
		if (count < 0)
			die("io_getevents");
		for (long i = 0; i < count; i++) {
			struct iocb *iocb = &iocbs[events[i].data];

			reads_ended(&r, events[i].res);
			if (r.submitted < r.blocks) {
				iocb->aio_offset = (int64_t)(r.submitted++ * BLOCK);
				list[again++] = iocb;
			}
		}
		submit(context, list, again);
	}
	reads_report(&r);
	syscall(SYS_io_destroy, context);
	return 0;
}
