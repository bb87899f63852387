/* SPDX-License-Identifier: EPL-2.0 */
/** Modules built for real kernels. */
package org.kmodscope.lab.build;
