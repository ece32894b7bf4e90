# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# find.cmake - look for a cross compiler among the known prefixes.
include_guard(GLOBAL)

# cobnut_find_toolchain(ISA <isa> PACKAGE <debian package> PROCESSOR <name> MACHINE <regex>
#                       CANDIDATES <c>...)
#
# A candidate is a prefix ("arm-none-eabi-"), or a prefix and the compiler options that make it
# a compiler for the ISA, separated by blanks ("x86_64-linux-gnu- -m32"). The first one that is
# installed together with its runtime library, and is a compiler for the ISA, wins: what it says to
# -dumpmachine, with the candidate's options behind, has to match MACHINE. COBNUT_CROSS_PREFIX, a
# variable for CMake and for the environment, is tried instead of all of them. What was found
# stays in the cache.
function(cobnut_find_toolchain)
	cmake_parse_arguments(PARSE_ARGV 0 tc "" "ISA;PACKAGE;PROCESSOR;MACHINE" "CANDIDATES")
	set(CMAKE_SYSTEM_NAME Generic PARENT_SCOPE)
	set(CMAKE_SYSTEM_PROCESSOR ${tc_PROCESSOR} PARENT_SCOPE)
	set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY PARENT_SCOPE)

	if(NOT COBNUT_CROSS_PREFIX AND DEFINED ENV{COBNUT_CROSS_PREFIX})
		set(COBNUT_CROSS_PREFIX "$ENV{COBNUT_CROSS_PREFIX}" CACHE STRING
		    "prefix of the cross compiler, e.g. arm-none-eabi-")
	endif()
	# CMake reads a toolchain file again, without the cache, for each of its own checks.
	list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES COBNUT_CROSS_PREFIX)
	set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ${CMAKE_TRY_COMPILE_PLATFORM_VARIABLES}
	    PARENT_SCOPE)
	if(COBNUT_CROSS_PREFIX)
		set(tc_CANDIDATES "${COBNUT_CROSS_PREFIX}")
	endif()

	set(tried "")
	foreach(candidate IN LISTS tc_CANDIDATES)
		separate_arguments(options UNIX_COMMAND "${candidate}")
		list(POP_FRONT options prefix)
		string(MAKE_C_IDENTIFIER "COBNUT_CC_${candidate}" var)
		find_program(${var} NAMES ${prefix}gcc NO_CMAKE_FIND_ROOT_PATH)
		mark_as_advanced(${var})
		if(NOT ${var})
			string(APPEND tried "\n  ${candidate}: no ${prefix}gcc in PATH")
			continue()
		endif()
		execute_process(COMMAND ${${var}} ${options} -print-libgcc-file-name
				OUTPUT_VARIABLE libgcc OUTPUT_STRIP_TRAILING_WHITESPACE
				ERROR_QUIET RESULT_VARIABLE failed)
		if(failed OR NOT EXISTS "${libgcc}")
			string(APPEND tried
			       "\n  ${candidate}: ${${var}} lacks its runtime library (libgcc)")
			continue()
		endif()
		list(JOIN options " " flags)
		execute_process(COMMAND ${${var}} -dumpmachine OUTPUT_VARIABLE machine
				OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
		if(NOT "${machine} ${flags}" MATCHES "${tc_MACHINE}")
			string(APPEND tried "\n  ${candidate}: ${${var}} makes programs for ${machine}, "
			       "not for ${tc_ISA}")
			continue()
		endif()
		string(REGEX REPLACE "gcc$" "" path "${${var}}")
		foreach(lang IN ITEMS C ASM)
			set(CMAKE_${lang}_COMPILER "${${var}}" PARENT_SCOPE)
			set(CMAKE_${lang}_FLAGS_INIT "${flags}" PARENT_SCOPE)
		endforeach()
		set(CMAKE_OBJCOPY "${path}objcopy" CACHE FILEPATH "")
		set(COBNUT_NM "${path}nm" CACHE FILEPATH "nm of the cross toolchain")
		set(COBNUT_SIZE "${path}size" CACHE FILEPATH "size of the cross toolchain")
		set(COBNUT_TOOL_PREFIX "${path}" PARENT_SCOPE)
		return()
	endforeach()
	message(FATAL_ERROR "No C compiler for ${tc_ISA}. Tried:${tried}\n"
		"On Debian, the package ${tc_PACKAGE} has one: apt-get install ${tc_PACKAGE}\n"
		"(scripts/setup installs all that is needed). Or name another one with "
		"-DCOBNUT_CROSS_PREFIX=<prefix>-")
endfunction()
