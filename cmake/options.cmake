# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# options.cmake - every option of the kernel, once. Each becomes CONFIG_<NAME> in the generated
# config.h and a member of config.json, next to what the board's file says.
include_guard(GLOBAL)

set(COBNUT_OPTIONS "" CACHE INTERNAL "names of all options")

# cobnut_option(<name> <bool|int|string> <default> <help>): the cache variable COBNUT_<name>.
macro(cobnut_option name type default help)
	if("${type}" STREQUAL "bool")
		option(COBNUT_${name} "${help}" ${default})
	else()
		set(COBNUT_${name} "${default}" CACHE STRING "${help}")
	endif()
	set(COBNUT_OPTION_TYPE_${name} ${type})
	list(APPEND COBNUT_OPTIONS ${name})
endmacro()

cobnut_option(CPUS int 1 "processors the kernel runs on (1: more are not supported yet)")
# As many as a table of 32 KiB has.
math(EXPR slots "32768 / ${CMAKE_SIZEOF_VOID_P}")
cobnut_option(MAX_THREADS int ${slots} "threads, interrupt threads included; at most 4096 with 64-bit words, 8192 with 32")
cobnut_option(KMEM_SIZE int 8388608 "bytes of the kernel's memory pool; kmem= overrides it at boot")
cobnut_option(FASTPATH bool ON "the port's hand-written IPC path, where it has one")
cobnut_option(CONSOLE_SYSCALL bool ON "system call that writes to the debug console")
cobnut_option(EMULATOR_EXIT bool ON "end an emulator with an exit code, where the board has a way")

if(NOT COBNUT_CPUS STREQUAL "1")
	message(FATAL_ERROR "COBNUT_CPUS=${COBNUT_CPUS}: only 1 processor is supported.")
endif()
foreach(name IN LISTS COBNUT_OPTIONS)
	if(COBNUT_OPTION_TYPE_${name} STREQUAL "int" AND
	   NOT COBNUT_${name} MATCHES "^([1-9][0-9]*|0x[0-9a-fA-F]+)$")
		message(FATAL_ERROR "COBNUT_${name}=${COBNUT_${name}}: a positive number is needed, "
			"decimal or 0x hexadecimal.")
	endif()
endforeach()

# cobnut_config_add(<name> <C text> <JSON text>): one line in each of the generated files.
function(cobnut_config_add name c json)
	set_property(GLOBAL APPEND_STRING PROPERTY COBNUT_CONFIG_H "#define CONFIG_${name} ${c}\n")
	get_property(sofar GLOBAL PROPERTY COBNUT_CONFIG_JSON)
	if(NOT sofar)
		set(sofar "{}")
	endif()
	string(TOLOWER "${name}" key)
	string(JSON sofar SET "${sofar}" "${key}" "${json}")
	set_property(GLOBAL PROPERTY COBNUT_CONFIG_JSON "${sofar}")
endfunction()

# cobnut_write_config(): config.h and config.json from all that was added, and the options.
function(cobnut_write_config)
	foreach(name IN LISTS COBNUT_OPTIONS)
		set(value "${COBNUT_${name}}")
		set(type ${COBNUT_OPTION_TYPE_${name}})
		if(type STREQUAL "bool")
			if(value)
				cobnut_config_add(${name} 1 true)
			else()
				cobnut_config_add(${name} 0 false)
			endif()
		elseif(type STREQUAL "int")
			math(EXPR decimal "${value}")
			cobnut_config_add(${name} ${value} ${decimal})
		else()
			cobnut_config_add(${name} "\"${value}\"" "\"${value}\"")
		endif()
	endforeach()
	get_property(lines GLOBAL PROPERTY COBNUT_CONFIG_H)
	get_property(json GLOBAL PROPERTY COBNUT_CONFIG_JSON)
	file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/include/config.h @ONLY CONTENT
"/* Generated from cmake/options.cmake and the board's JSON file: don't edit. */
#ifndef CONFIG_H
#define CONFIG_H
${lines}#endif
")
	file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/config.json @ONLY CONTENT "${json}\n")
endfunction()
