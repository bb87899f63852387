// SPDX-License-Identifier: GPL-2.0
/*
 * The code of the trace events, which must be in one file and only one.
 */
#define CREATE_TRACE_POINTS
#include "globalfifo_trace.h"
