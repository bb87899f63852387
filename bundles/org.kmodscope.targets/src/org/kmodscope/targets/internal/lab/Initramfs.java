/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.targets.internal.lab;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/**
 * Writes what a lab's kernel unpacks as its root file system: a cpio archive, "newc", gzip
 * (Documentation/driver-api/early-userspace/buffer-format.rst). Equal content gives equal bytes.
 */
final class Initramfs implements AutoCloseable {

    private final CpioArchiveOutputStream cpio;
    private long inode;

    /** Starts the file; it is complete when this is closed. */
    Initramfs(Path file) throws IOException {
        GzipParameters fast = new GzipParameters();
        // Unpacking in an emulated machine costs more than reading a larger file.
        fast.setCompressionLevel(Deflater.BEST_SPEED);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        cpio =
                new CpioArchiveOutputStream(
                        new GzipCompressorOutputStream(out, fast),
                        CpioConstants.FORMAT_NEW,
                        CpioConstants.BLOCK_SIZE,
                        StandardCharsets.UTF_8.name());
    }

    Initramfs directory(String path) throws IOException {
        put(entry(path, CpioConstants.C_ISDIR | 0755, 0), new byte[0]);
        return this;
    }

    Initramfs file(String path, int mode, byte[] content) throws IOException {
        put(entry(path, CpioConstants.C_ISREG | mode, content.length), content);
        return this;
    }

    Initramfs link(String path, String target) throws IOException {
        byte[] content = target.getBytes(StandardCharsets.UTF_8);
        put(entry(path, CpioConstants.C_ISLNK | 0777, content.length), content);
        return this;
    }

    Initramfs device(String path, int major, int minor) throws IOException {
        CpioArchiveEntry entry = entry(path, CpioConstants.C_ISCHR | 0600, 0);
        entry.setRemoteDeviceMaj(major);
        entry.setRemoteDeviceMin(minor);
        put(entry, new byte[0]);
        return this;
    }

    @Override
    public void close() throws IOException {
        cpio.close();
    }

    private CpioArchiveEntry entry(String path, long mode, long size) {
        // Names in the archive are relative to the root.
        CpioArchiveEntry entry =
                new CpioArchiveEntry(CpioConstants.FORMAT_NEW, path.substring(1), size);
        entry.setMode(mode);
        entry.setInode(++inode);
        entry.setTime(0);
        return entry;
    }

    private void put(CpioArchiveEntry entry, byte[] content) throws IOException {
        cpio.putArchiveEntry(entry);
        cpio.write(content);
        cpio.closeArchiveEntry();
    }
}
