# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# user.cmake - programs that run in user mode: libl4, the small C runtime, and what uses them.
include_guard(GLOBAL)

if(NOT COBNUT_PROGRAM_SCRIPT) # an installed package has set it
	set(COBNUT_PROGRAM_SCRIPT ${PROJECT_SOURCE_DIR}/user/lib/rt/program.lds)
	set(COBNUT_CONFIG_INCLUDE ${PROJECT_BINARY_DIR}/include)
endif()

# Options of everything that runs in user mode, as the interface library user_flags.
function(cobnut_user_flags)
	add_library(user_flags INTERFACE)
	target_include_directories(user_flags INTERFACE
		${PROJECT_SOURCE_DIR}/user/lib/l4/include
		${PROJECT_SOURCE_DIR}/user/lib/l4/arch/${PORT_BASE}/include
		${PROJECT_SOURCE_DIR}/user/lib/rt/include
		${PROJECT_SOURCE_DIR}/kernel/include)
	target_compile_options(user_flags INTERFACE ${COBNUT_COMMON_FLAGS} ${COBNUT_FREESTANDING}
		${PORT_USER_FLAGS})
	target_link_options(user_flags INTERFACE ${PORT_USER_FLAGS} ${COBNUT_LINK}
		${PORT_USER_LINK_FLAGS})
endfunction()

# add_user_library(<name> [SOURCES <file>...] [LIBRARIES <library>...])
function(add_user_library name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
	add_library(${name} STATIC ${arg_SOURCES})
	target_link_libraries(${name} PUBLIC user_flags ${arg_LIBRARIES})
endfunction()

# add_program(<name> SOURCES <file>... [LIBRARIES <library>...] [BOARD_CONFIG])
#
# A user program, linked to start at the runtime's _start; read-only, executable and writable
# parts are on pages of their own. BOARD_CONFIG: it is a driver, and may include config.h for
# the board's addresses and interrupts.
function(add_program name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "BOARD_CONFIG" "" "SOURCES;LIBRARIES")
	set(script ${COBNUT_PROGRAM_SCRIPT})
	add_executable(${name} ${arg_SOURCES})
	set_target_properties(${name} PROPERTIES SUFFIX "" LINK_DEPENDS ${script}
		RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/programs)
	if(arg_BOARD_CONFIG)
		target_include_directories(${name} PRIVATE ${COBNUT_CONFIG_INCLUDE})
	endif()
	target_link_options(${name} PRIVATE -Wl,-T,${script})
	target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} rt l4 user_flags gcc)
endfunction()
