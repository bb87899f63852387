/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * All numbers that the bridge believes of the kernel and of glibc, put to the C compilers of both
 * architectures as static assertions: a wrong one does not compile. Nothing has to run.
 */
class LayoutTest {

    private static final String HEADERS =
            """
            #define _GNU_SOURCE
            #include <aio.h>
            #include <errno.h>
            #include <fcntl.h>
            #include <linux/aio_abi.h>
            #include <linux/io_uring.h>
            #include <poll.h>
            #include <signal.h>
            #include <stddef.h>
            #include <sys/epoll.h>
            #include <sys/eventfd.h>
            #include <sys/mman.h>
            #include <sys/resource.h>
            #include <sys/signalfd.h>
            #include <sys/syscall.h>
            #include <time.h>
            """;

    @TempDir Path directory;

    @ParameterizedTest
    @CsvSource({"gcc, amd64", "aarch64-linux-gnu-gcc, aarch64"})
    void theCompilerAgrees(String compiler, String architecture) throws Exception {
        assumeTrue(isInstalled(compiler), () -> compiler + " is not installed");
        assumeTrue(
                !compiler.equals("gcc") || System.getProperty("os.arch").equals(architecture),
                "gcc is for another architecture");
        assertEquals("", complaints(compiler, numbers(Abi.of("Linux", architecture))));
    }

    @Test
    void aWrongNumberIsFound() throws Exception {
        assumeTrue(isInstalled("gcc"), "gcc is not installed");
        assertNotEquals("", complaints("gcc", Map.of("sizeof(struct iocb)", 65L)));
    }

    private String complaints(String compiler, Map<String, Long> numbers) throws Exception {
        String assertions =
                numbers.entrySet().stream()
                        .map(
                                entry ->
                                        "_Static_assert((long)(%s) == %dL, \"%s\");\n"
                                                .formatted(
                                                        entry.getKey(),
                                                        entry.getValue(),
                                                        entry.getKey()))
                        .collect(Collectors.joining());
        Path source = Files.writeString(directory.resolve("layout.c"), HEADERS + assertions);
        Process process =
                new ProcessBuilder(compiler, "-std=gnu11", "-fsyntax-only", source.toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes());
        int exit = process.waitFor();
        return exit == 0 ? "" : "exit " + exit + ": " + output;
    }

    private static boolean isInstalled(String compiler) throws IOException {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, compiler)));
    }

    private static Map<String, Long> numbers(Abi abi) {
        Map<String, Long> all = new TreeMap<>();
        calls(all, abi);
        signals(all);
        kernelAio(all);
        posixAio(all);
        uring(all);
        files(all);
        all.put("sizeof(struct epoll_event)", (long) abi.epollEvent());
        all.put("offsetof(struct epoll_event, events)", 0L);
        all.put("offsetof(struct epoll_event, data)", (long) abi.epollEvent() - Long.BYTES);
        return all;
    }

    private static void calls(Map<String, Long> all, Abi abi) {
        all.put("__NR_rt_tgsigqueueinfo", (long) abi.tgsigqueueinfo());
        all.put("__NR_timer_create", (long) abi.timerCreate());
        all.put("__NR_timer_settime", (long) abi.timerSettime());
        all.put("__NR_timer_delete", (long) abi.timerDelete());
        all.put("__NR_io_setup", (long) abi.ioSetup());
        all.put("__NR_io_destroy", (long) abi.ioDestroy());
        all.put("__NR_io_getevents", (long) abi.ioGetevents());
        all.put("__NR_io_submit", (long) abi.ioSubmit());
        all.put("__NR_io_cancel", (long) abi.ioCancel());
        all.put("__NR_io_uring_setup", (long) Abi.IO_URING_SETUP);
        all.put("__NR_io_uring_enter", (long) Abi.IO_URING_ENTER);
    }

    private static void signals(Map<String, Long> all) {
        all.put("sizeof(struct sigaction)", 152L);
        all.put("offsetof(struct sigaction, sa_handler)", 0L);
        all.put("offsetof(struct sigaction, sa_flags)", 136L);
        all.put("SA_RESTART", 0x10000000L);
        all.put("SIGIO", (long) SignalHandlers.SIGIO);
        all.put("SIGURG", (long) SignalHandlers.SIGURG);
        all.put("sizeof(sigset_t)", 128L);
        all.put("sizeof(siginfo_t)", 128L);
        all.put("offsetof(siginfo_t, si_code)", 8L);
        all.put("offsetof(siginfo_t, si_pid)", 16L);
        all.put("offsetof(siginfo_t, si_value)", 24L);
        all.put("offsetof(siginfo_t, si_band)", 16L);
        all.put("sizeof(((siginfo_t *)0)->si_band)", 8L);
        all.put("sizeof(((struct signalfd_siginfo *)0)->ssi_band)", 4L);
        all.put("sizeof(struct signalfd_siginfo)", 128L);
        all.put("offsetof(struct signalfd_siginfo, ssi_signo)", 0L);
        all.put("offsetof(struct signalfd_siginfo, ssi_code)", 8L);
        all.put("offsetof(struct signalfd_siginfo, ssi_pid)", 12L);
        all.put("offsetof(struct signalfd_siginfo, ssi_fd)", 20L);
        all.put("offsetof(struct signalfd_siginfo, ssi_band)", 28L);
        all.put("offsetof(struct signalfd_siginfo, ssi_ptr)", 48L);
        all.put("SI_QUEUE", (long) SignalChannel.SI_QUEUE);
        all.put("SI_TIMER", (long) SignalChannel.SI_TIMER);
        all.put("SIG_BLOCK", 0L);
        all.put("SIG_UNBLOCK", 1L);
        all.put("SIG_SETMASK", 2L);
        all.put("SFD_CLOEXEC", 0x80000L);
        all.put("sizeof(struct sigevent)", 64L);
        all.put("offsetof(struct sigevent, sigev_signo)", 8L);
        all.put("offsetof(struct sigevent, sigev_notify)", 12L);
        all.put("offsetof(struct sigevent, _sigev_un._tid)", 16L);
        all.put("SIGEV_THREAD_ID", 4L);
        all.put("sizeof(struct f_owner_ex)", 8L);
        all.put("offsetof(struct f_owner_ex, pid)", 4L);
        all.put("RLIMIT_SIGPENDING", 11L);
        all.put("sizeof(struct timespec)", 16L);
        all.put("CLOCK_MONOTONIC", 1L);
    }

    private static void kernelAio(Map<String, Long> all) {
        all.put("sizeof(struct iocb)", (long) KernelAio.IOCB_BYTES);
        all.put("offsetof(struct iocb, aio_data)", 0L);
        all.put("offsetof(struct iocb, aio_lio_opcode)", 16L);
        all.put("offsetof(struct iocb, aio_fildes)", 20L);
        all.put("offsetof(struct iocb, aio_buf)", 24L);
        all.put("offsetof(struct iocb, aio_nbytes)", 32L);
        all.put("offsetof(struct iocb, aio_offset)", 40L);
        all.put("sizeof(struct io_event)", (long) KernelAio.EVENT_BYTES);
        all.put("offsetof(struct io_event, data)", 0L);
        all.put("offsetof(struct io_event, res)", 16L);
        all.put("IOCB_CMD_PREAD", 0L);
        all.put("IOCB_CMD_PWRITE", 1L);
        all.put("IOCB_CMD_POLL", 5L);
    }

    private static void posixAio(Map<String, Long> all) {
        all.put("sizeof(struct aiocb)", (long) PosixAio.AIOCB_BYTES);
        all.put("offsetof(struct aiocb, aio_fildes)", (long) PosixAio.FILDES);
        all.put("offsetof(struct aiocb, aio_lio_opcode)", (long) PosixAio.OPCODE);
        all.put("offsetof(struct aiocb, aio_buf)", (long) PosixAio.BUF);
        all.put("offsetof(struct aiocb, aio_nbytes)", (long) PosixAio.NBYTES);
        all.put("offsetof(struct aiocb, aio_sigevent.sigev_notify)", (long) PosixAio.NOTIFY);
        all.put("offsetof(struct aiocb, aio_offset)", (long) PosixAio.OFFSET);
        all.put("SIGEV_NONE", (long) PosixAio.SIGEV_NONE);
        all.put("LIO_READ", (long) PosixAio.LIO_READ);
        all.put("LIO_WRITE", (long) PosixAio.LIO_WRITE);
        all.put("LIO_WAIT", 0L);
        all.put("LIO_NOWAIT", 1L);
        all.put("AIO_CANCELED", 0L);
        all.put("AIO_NOTCANCELED", 1L);
        all.put("AIO_ALLDONE", 2L);
    }

    private static void uring(Map<String, Long> all) {
        all.put("sizeof(struct io_uring_sqe)", 64L);
        all.put("offsetof(struct io_uring_sqe, fd)", 4L);
        all.put("offsetof(struct io_uring_sqe, off)", 8L);
        all.put("offsetof(struct io_uring_sqe, addr)", 16L);
        all.put("offsetof(struct io_uring_sqe, len)", 24L);
        all.put("offsetof(struct io_uring_sqe, poll32_events)", 28L);
        all.put("offsetof(struct io_uring_sqe, user_data)", 32L);
        all.put("sizeof(struct io_uring_cqe)", 16L);
        all.put("offsetof(struct io_uring_cqe, res)", 8L);
        all.put("sizeof(struct io_uring_params)", 120L);
        all.put("offsetof(struct io_uring_params, cq_entries)", 4L);
        all.put("offsetof(struct io_uring_params, features)", 20L);
        all.put("offsetof(struct io_uring_params, sq_off.tail)", 44L);
        all.put("offsetof(struct io_uring_params, sq_off.ring_mask)", 48L);
        all.put("offsetof(struct io_uring_params, sq_off.array)", 64L);
        all.put("offsetof(struct io_uring_params, cq_off.head)", 80L);
        all.put("offsetof(struct io_uring_params, cq_off.tail)", 84L);
        all.put("offsetof(struct io_uring_params, cq_off.ring_mask)", 88L);
        all.put("offsetof(struct io_uring_params, cq_off.cqes)", 100L);
        all.put("IORING_OFF_SQES", 0x10000000L);
        all.put("IORING_ENTER_GETEVENTS", 1L);
        all.put("IORING_FEAT_SINGLE_MMAP", 1L);
        all.put("IORING_FEAT_NODROP", 2L);
        all.put("IORING_FEAT_RW_CUR_POS", 8L);
        all.put("IORING_OP_POLL_ADD", 6L);
        all.put("IORING_OP_ASYNC_CANCEL", 14L);
        all.put("IORING_OP_READ", 22L);
        all.put("IORING_OP_WRITE", 23L);
    }

    private static void files(Map<String, Long> all) {
        all.put("sizeof(struct pollfd)", (long) PollTable.ENTRY_BYTES);
        all.put("offsetof(struct pollfd, events)", 4L);
        all.put("offsetof(struct pollfd, revents)", 6L);
        all.put("POLLIN", (long) PollTable.POLLIN);
        all.put("POLLPRI", (long) PollTable.POLLPRI);
        all.put("POLLOUT", (long) PollTable.POLLOUT);
        all.put("POLLERR", (long) PollTable.POLLERR);
        all.put("POLLHUP", (long) PollTable.POLLHUP);
        all.put("POLLNVAL", (long) PollTable.POLLNVAL);
        all.put("POLLRDNORM", (long) PollTable.POLLRDNORM);
        all.put("POLLWRNORM", (long) PollTable.POLLWRNORM);
        all.put("POLLWRBAND", (long) PollTable.POLLWRBAND);
        all.put("O_NONBLOCK", (long) Descriptor.O_NONBLOCK);
        all.put("O_CLOEXEC", (long) Descriptor.O_CLOEXEC);
        all.put("O_RDWR", 2L);
        all.put("O_NOCTTY", 0x100L);
        all.put("O_ASYNC", 0x2000L);
        all.put("F_GETFL", 3L);
        all.put("F_SETFL", (long) Descriptor.F_SETFL);
        all.put("F_SETSIG", 10L);
        all.put("F_SETOWN_EX", 15L);
        all.put("F_OWNER_TID", 0L);
        all.put("F_DUPFD_CLOEXEC", 1030L);
        all.put("EPOLL_CLOEXEC", (long) EpollReadiness.EPOLL_CLOEXEC);
        all.put("EPOLL_CTL_ADD", (long) EpollReadiness.EPOLL_CTL_ADD);
        all.put("EPOLLIN", (long) PollTable.POLLIN);
        all.put("EPOLLERR", (long) PollTable.POLLERR);
        all.put("EPOLLHUP", (long) PollTable.POLLHUP);
        all.put("EFD_CLOEXEC", 0x80000L);
        all.put("EFD_NONBLOCK", 0x800L);
        all.put("PROT_READ | PROT_WRITE", 3L);
        all.put("MAP_SHARED | MAP_POPULATE", 0x8001L);
        all.put("MAP_PRIVATE | MAP_ANONYMOUS", 0x22L);
        all.put("EINTR", (long) Libc.EINTR);
        all.put("EIO", (long) Libc.EIO);
        all.put("EAGAIN", (long) Libc.EAGAIN);
        all.put("ENOMEM", (long) Libc.ENOMEM);
        all.put("EACCES", (long) Libc.EACCES);
        all.put("EPERM", (long) Libc.EPERM);
        all.put("EINVAL", (long) Libc.EINVAL);
        all.put("ENOSYS", (long) Libc.ENOSYS);
        all.put("EINPROGRESS", (long) Libc.EINPROGRESS);
        all.put("ECANCELED", (long) Libc.ECANCELED);
    }
}
