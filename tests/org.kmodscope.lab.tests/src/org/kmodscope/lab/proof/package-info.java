/* SPDX-License-Identifier: EPL-2.0 */
/** Proof that what the templates generate is right: feature combinations, kernels, checks. */
package org.kmodscope.lab.proof;
