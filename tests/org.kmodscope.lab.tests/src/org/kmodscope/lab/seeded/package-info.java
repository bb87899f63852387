/* SPDX-License-Identifier: EPL-2.0 */
/** The command line on real kernels. */
package org.kmodscope.lab.seeded;
