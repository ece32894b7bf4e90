/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * target.h - the stack switches of target_main.c, in arch/<isa>/user.S.
 */
#ifndef CONTRACT_TARGET_H
#define CONTRACT_TARGET_H

/* Save the registers that a function must keep on this stack, and its pointer to *save; go on
 * where the stack `sp` was left in the same way. */
void contract_switch(void **save, void *sp);

/* As contract_switch, but go on in fn, which never returns, on the empty stack below `top`. */
void contract_start(void **save, void *top, void (*fn)(void));

#endif
