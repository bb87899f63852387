/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Why a file could not be used, for people: they know "permission denied", and no Java classes. */
public final class Reason {

    private Reason() {}

    /** A few words, without a full stop; the file is named where the system did. */
    public static String of(Exception failure) {
        String said = Optional.ofNullable(failure.getMessage()).orElse("");
        return switch (failure) {
            case NoSuchFileException missing -> said + " does not exist";
            case AccessDeniedException denied -> said + ": permission denied";
            case UncheckedIOException wrapped -> of(wrapped.getCause());
            case FileAlreadyExistsException there -> said + " exists already";
            default -> said.isEmpty() ? failure.toString() : said;
        };
    }
}
