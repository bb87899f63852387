/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.event;

/**
 * A stretch of time in which one of several models had the device for itself.
 *
 * @param source the name of the model's source
 * @param fromNanos since when it watched
 * @param toNanos until when; for the turn that goes on, what is known up to now
 */
public record Turn(String source, long fromNanos, long toNanos) {}
