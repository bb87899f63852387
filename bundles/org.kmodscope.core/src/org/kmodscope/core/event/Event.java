/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * One event as a value, for tables, files and tests. The hot path never makes one: rings and model
 * hold the five words of {@link EventCodec}.
 *
 * @param timeNanos the target's CLOCK_MONOTONIC, in nanoseconds
 * @param kind what happened
 * @param flags see {@link EventCodec}, 0 when none
 * @param stream which descriptor, context or work queue of the source it belongs to; 0 when only
 *     one
 * @param request pairs starts with ends and submissions with completions; 0 when there is none
 * @param result byte count or -errno of an end, the count of a loss, else 0
 * @param band the POLL_* event bits of a signal (siginfo's si_band), else 0
 * @param sequence the source's own record number, modulo 2<sup>32</sup>
 */
public record Event(
        long timeNanos,
        EventKind kind,
        int flags,
        int stream,
        long request,
        long result,
        int band,
        int sequence) {}
