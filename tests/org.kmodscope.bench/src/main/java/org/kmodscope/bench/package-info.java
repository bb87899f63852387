/* SPDX-License-Identifier: EPL-2.0 */
/** {@code ./kmodscope bench}: the budgets of kmodscope, measured beside C programs in one run. */
package org.kmodscope.bench;
