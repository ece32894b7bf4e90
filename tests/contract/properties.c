/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * properties.c - the list of all properties, as properties.def names them.
 */
#include "contract.h"

const struct property contract_properties[] = {
#define PROPERTY(name) {#name, prop_##name},
#include "properties.def"
#undef PROPERTY
};

const unsigned contract_property_count =
    sizeof(contract_properties) / sizeof(contract_properties[0]);
