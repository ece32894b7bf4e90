/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * suites.h - all suites, in the order in which they run.
 */
#ifndef CONF_SUITES_H
#define CONF_SUITES_H

#include "conf.h"

#define CONF_SUITES                                                                                \
	SUITE(suite_ipc)                                                                           \
	SUITE(suite_crowd)                                                                         \
	SUITE(suite_ipc_send)                                                                      \
	SUITE(suite_ipc_receive)                                                                   \
	SUITE(suite_ipc_both)                                                                      \
	SUITE(suite_ipc_words)                                                                     \
	SUITE(suite_ipc_pairs)                                                                     \
	SUITE(suite_ipc_state)                                                                     \
	SUITE(suite_ipc_written)                                                                   \
	SUITE(suite_ipc_acceptors)                                                                 \
	SUITE(suite_notify)                                                                        \
	SUITE(suite_notify_matrix)                                                                 \
	SUITE(suite_notify_both) \
	SUITE(suite_map)                                                                           \
	SUITE(suite_map_errors)                                                                    \
	SUITE(suite_map_bad)                                                                       \
	SUITE(suite_thread)                                                                        \
	SUITE(suite_thread_delete)                                                                 \
	SUITE(suite_space)                                                                         \
	SUITE(suite_exregs)                                                                        \
	SUITE(suite_exregs_states)                                                                 \
	SUITE(suite_exregs_all)                                                                    \
	SUITE(suite_regs)                                                                          \
	SUITE(suite_ids) \
	SUITE(suite_schedule)                                                                      \
	SUITE(suite_schedule_states)                                                               \
	SUITE(suite_quantum)                                                                       \
	SUITE(suite_fault)                                                                         \
	SUITE(suite_exception)                                                                     \
	SUITE(suite_exception_kinds)                                                               \
	SUITE(suite_irq)                                                                           \
	SUITE(suite_irq_device)                                                                    \
	SUITE(suite_utcb)                                                                          \
	SUITE(suite_kip)                                                                           \
	SUITE(suite_cache)                                                                         \
	SUITE(suite_abuse) \
	SUITE(suite_fpu)

#define SUITE(name) extern const struct suite name;
CONF_SUITES
#undef SUITE

#endif
