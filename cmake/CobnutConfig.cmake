# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# CobnutConfig.cmake - the installed package. find_package(Cobnut) chooses a kit, by COBNUT_KIT
# where several are installed ("arm-virt-debug"), and defines
#
#   Cobnut::l4, Cobnut::rt   the libraries, with all options that user programs need
#   add_program(), add_image(), add_boot_test()   as in Cobnut's own tree
#
# The toolchain files are beside this one: -DCMAKE_TOOLCHAIN_FILE=.../toolchains/arm-gcc.cmake

get_filename_component(COBNUT_PREFIX ${CMAKE_CURRENT_LIST_DIR}/../../cobnut ABSOLUTE)
file(GLOB kits RELATIVE ${COBNUT_PREFIX} ${COBNUT_PREFIX}/*/kit.cmake)
list(TRANSFORM kits REPLACE "/kit.cmake$" "")
list(LENGTH kits count)
if(NOT COBNUT_KIT AND count EQUAL 1)
	set(COBNUT_KIT ${kits})
endif()
if(NOT COBNUT_KIT IN_LIST kits)
	list(JOIN kits ", " names)
	set(Cobnut_FOUND FALSE)
	set(Cobnut_NOT_FOUND_MESSAGE
	    "no kit \"${COBNUT_KIT}\"; set COBNUT_KIT to one of those installed: ${names}.")
	return()
endif()

set(COBNUT_KIT_DIR ${COBNUT_PREFIX}/${COBNUT_KIT})
include(${COBNUT_KIT_DIR}/kit.cmake)
set(COBNUT_SCRIPTS ${COBNUT_PREFIX}/scripts)
set(COBNUT_PROGRAM_SCRIPT ${COBNUT_KIT_DIR}/lib/program.lds)
set(COBNUT_CONFIG_INCLUDE ${COBNUT_KIT_DIR}/config)
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

if(NOT TARGET kernel.elf)
	add_executable(kernel.elf IMPORTED GLOBAL)
	set_target_properties(kernel.elf PROPERTIES IMPORTED_LOCATION ${COBNUT_KIT_DIR}/kernel.elf)
	add_library(user_flags INTERFACE IMPORTED GLOBAL)
	target_include_directories(user_flags INTERFACE ${COBNUT_KIT_DIR}/include)
	target_compile_options(user_flags INTERFACE ${COBNUT_KIT_OPTIONS})
	target_link_options(user_flags INTERFACE ${COBNUT_KIT_LINK_OPTIONS})
	foreach(library IN ITEMS l4 rt)
		add_library(${library} STATIC IMPORTED GLOBAL)
		set_target_properties(${library} PROPERTIES
			IMPORTED_LOCATION ${COBNUT_KIT_DIR}/lib/lib${library}.a)
		target_link_libraries(${library} INTERFACE user_flags)
		add_library(Cobnut::${library} ALIAS ${library})
	endforeach()
	# The start-up code calls the runtime, and the runtime calls the stubs.
	target_link_libraries(l4 INTERFACE rt)
	target_link_libraries(rt INTERFACE l4 gcc)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/user.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/image.cmake)
