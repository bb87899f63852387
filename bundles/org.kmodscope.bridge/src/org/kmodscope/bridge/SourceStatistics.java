/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

/** What a source counted; by asynchronous notification, or by any other model. */
public sealed interface SourceStatistics permits SignalStatistics, TransferStatistics {}
