/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * arch/port.h (null) - what the port's own files share.
 */
#ifndef ARCH_PORT_H
#define ARCH_PORT_H

#include <glue/glue.h>

/* The body of a function that is not written yet. */
#define NOT_YET() k_panic(NULL, GLUE_ARCH_NAME ": %s is not written yet", __func__)

#endif
