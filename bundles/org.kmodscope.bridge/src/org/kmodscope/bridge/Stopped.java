/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

/**
 * What was watched once; nothing of it runs any more, and there is nothing to close.
 *
 * @param statistics the final counts
 */
public record Stopped(SourceStatistics statistics) {}
