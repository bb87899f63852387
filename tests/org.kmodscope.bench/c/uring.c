// SPDX-License-Identifier: EPL-2.0
/* uring FILE DEPTH DIRECT: io_uring by its system calls; exit status 3 where it is not to be had. */
#include "reads.h"
#include <linux/io_uring.h>
#include <sys/syscall.h>

struct ring {
	int fd;
	unsigned int *sq_tail, *sq_mask, *sq_array, *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
};

static void *map(int fd, size_t bytes, off_t at)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, at);

	if (memory == MAP_FAILED)
		die("mmap");
	return memory;
}

static void ring_open(struct ring *ring, unsigned int depth)
{
	struct io_uring_params p = { .flags = 0 };
	char *sq, *cq;

	ring->fd = (int)syscall(SYS_io_uring_setup, depth, &p);
	if (ring->fd < 0) {
		perror("io_uring_setup");
		exit(3);
	}
	sq = map(ring->fd, p.sq_off.array + p.sq_entries * sizeof(unsigned int),
		 IORING_OFF_SQ_RING);
	cq = map(ring->fd, p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe),
		 IORING_OFF_CQ_RING);
	ring->sqes = map(ring->fd, p.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	ring->sq_tail = (unsigned int *)(sq + p.sq_off.tail);
	ring->sq_mask = (unsigned int *)(sq + p.sq_off.ring_mask);
	ring->sq_array = (unsigned int *)(sq + p.sq_off.array);
	ring->cq_head = (unsigned int *)(cq + p.cq_off.head);
	ring->cq_tail = (unsigned int *)(cq + p.cq_off.tail);
	ring->cq_mask = (unsigned int *)(cq + p.cq_off.ring_mask);
	ring->cqes = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
}

static void prepare(struct ring *ring, struct reads *r, uint64_t slot)
{
	unsigned int tail = *ring->sq_tail, at = tail & *ring->sq_mask;
	struct io_uring_sqe *sqe = &ring->sqes[at];

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = IORING_OP_READ;
	sqe->fd = r->fd;
	sqe->off = r->submitted++ * BLOCK;
	sqe->addr = (uintptr_t)(r->buffers + BLOCK * slot);
	sqe->len = BLOCK;
	sqe->user_data = slot;
	ring->sq_array[at] = at;
	__atomic_store_n(ring->sq_tail, tail + 1, __ATOMIC_RELEASE);
}

int main(int argc, char **argv)
{
	unsigned int waiting = 0;
	struct ring ring;
	struct reads r;

	reads_open(&r, argc, argv);
	ring_open(&ring, r.depth);
	for (; waiting < r.depth; waiting++)
		prepare(&ring, &r, waiting);
	while (r.done < r.blocks) {
		long taken = syscall(SYS_io_uring_enter, ring.fd, waiting, 1,
				     IORING_ENTER_GETEVENTS, NULL, 0);
		unsigned int head = *ring.cq_head;

		if (taken < 0)
			die("io_uring_enter");
		waiting -= (unsigned int)taken;
		while (head != __atomic_load_n(ring.cq_tail, __ATOMIC_ACQUIRE)) {
			struct io_uring_cqe cqe = ring.cqes[head++ & *ring.cq_mask];

			__atomic_store_n(ring.cq_head, head, __ATOMIC_RELEASE);
			reads_ended(&r, cqe.res);
			if (r.submitted < r.blocks) {
				prepare(&ring, &r, cqe.user_data);
				waiting++;
			}
		}
	}
	reads_report(&r);
	return 0;
}
