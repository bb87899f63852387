/* SPDX-License-Identifier: EPL-2.0 */
/** What every source of events has to do, tried on the real driver in a lab. */
package org.kmodscope.lab.conformance;
