# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
"""What cobnut.py is made of: machine, kernel, tables, commands."""
