/* SPDX-License-Identifier: EPL-2.0 */
/** Benchmarks of what only this package may see. */
package org.kmodscope.core.event;
