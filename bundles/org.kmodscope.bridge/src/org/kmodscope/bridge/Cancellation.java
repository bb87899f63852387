/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.bridge;

/** What asking to cancel a request came to. */
enum Cancellation {
    /** The request ends soon, and says so as every request does. */
    ENDS,
    /** It goes on: it runs already, or its driver has no cancel function. */
    GOES_ON,
    /** It had ended before. */
    HAD_ENDED,
    /** There is no such request. */
    UNKNOWN
}
