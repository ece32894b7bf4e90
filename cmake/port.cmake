# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# port.cmake - add_port(): a port's description becomes the object libraries `port` and `core`.
include_guard(GLOBAL)

# add_port(<isa>): read the port's port.cmake and build its objects and the core's.
#
# port.cmake sets
#   PORT_NAME              as the port calls itself
#   PORT_SOURCES           .c and .S files, relative to the port's directory
#   PORT_COMMON            files it shares with other ports, relative to glue/common
#   PORT_SMALL             optional: those of PORT_SOURCES that are off every hot path
#   PORT_SMALL_CORE        optional: files of kernel/ that are to be small here though they are hot
#   PORT_FAST_CORE         optional: of those that are small elsewhere, what this port has the room to
#                          compile for speed
#   PORT_HAS_FASTPATH      optional: ON if the sources have a hand-written IPC path (glue/fastpath.h)
#                          where FASTPATH is defined as 1, and none where it is 0
#   PORT_KERNEL_FLAGS      compiler options for all kernel code: -march=... and the like
#   PORT_LINKER_SCRIPT     of the kernel; goes through the C preprocessor, which finds config.h
#   PORT_LINK_FLAGS        options for linking the kernel
#   PORT_USER_FLAGS, PORT_USER_LINK_FLAGS       the same for user programs
#   PORT_USER_SOURCES      start-up code and stubs, relative to user/lib/l4/arch/<port>
#   PORT_DEFAULT_BOARD     name of a file in cmake/boards
#   PORT_IMAGE             multiboot: kernel and modules are files for the boot loader;
#                          archive: one ELF file holds the kernel and an archive of the modules;
#                          none: the port isn't booted (host, null)
#   PORT_TEXT_LIMIT        optional: bytes that .text of the release kernel may have (default: 24 KiB)
macro(add_port isa)
	cobnut_port_dir(${isa} PORT_DIR)
	get_filename_component(PORT_BASE ${PORT_DIR} NAME) # as user/ and tests/ call its pieces
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PORT_DIR}/port.cmake)
	include(${PROJECT_SOURCE_DIR}/${PORT_DIR}/port.cmake)
	foreach(var IN ITEMS PORT_NAME PORT_SOURCES PORT_IMAGE)
		if(NOT ${var})
			message(FATAL_ERROR "${PORT_DIR}/port.cmake does not set ${var}.")
		endif()
	endforeach()
	if(NOT PORT_IMAGE MATCHES "^(multiboot|archive|none)$")
		message(FATAL_ERROR "${PORT_DIR}/port.cmake: PORT_IMAGE is \"${PORT_IMAGE}\"; "
			"valid are multiboot, archive and none.")
	endif()
	if(NOT PORT_IMAGE STREQUAL "none")
		if(NOT COBNUT_BOARD)
			set(COBNUT_BOARD ${PORT_DEFAULT_BOARD})
		endif()
		cobnut_load_board(${isa} "${COBNUT_BOARD}")
	endif()
	cobnut_add_port_objects()
endmacro()

# cobnut_sources(<out> <dir> <file>...): absolute paths of files that must exist.
function(cobnut_sources out dir)
	set(found "")
	foreach(file IN LISTS ARGN)
		if(EXISTS ${PROJECT_SOURCE_DIR}/${dir}/${file})
			list(APPEND found ${PROJECT_SOURCE_DIR}/${dir}/${file})
		else()
			message(FATAL_ERROR "${dir}/${file} is listed as a source, but does not exist.")
		endif()
	endforeach()
	set(${out} ${found} PARENT_SCOPE)
endfunction()

# An object library of kernel code: same options for the core, the port and the tests in it.
function(cobnut_kernel_objects name)
	add_library(${name} OBJECT ${ARGN})
	target_include_directories(${name} PRIVATE
		${PROJECT_BINARY_DIR}/include ${PROJECT_SOURCE_DIR}/kernel/include
		${PROJECT_SOURCE_DIR}/glue/include ${PROJECT_SOURCE_DIR}/glue
		${PROJECT_SOURCE_DIR}/${PORT_DIR}/include)
	target_compile_options(${name} PRIVATE ${COBNUT_COMMON_FLAGS} ${PORT_KERNEL_FLAGS})
	if(COBNUT_ISA STREQUAL "host")
		# Libraries of the host must not find functions of the kernel in the place of the C
		# library's (sched_yield).
		target_compile_options(${name} PRIVATE -fvisibility=hidden)
	else()
		target_compile_options(${name} PRIVATE ${COBNUT_FREESTANDING} ${COBNUT_KERNEL_LTO})
	endif()
endfunction()

function(cobnut_add_port_objects)
	include(${PROJECT_SOURCE_DIR}/kernel/sources.cmake)
	file(GLOB present CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/kernel
	     ${PROJECT_SOURCE_DIR}/kernel/*.c ${PROJECT_SOURCE_DIR}/kernel/debug/*.c)
	list(REMOVE_ITEM present ${CORE_SOURCES})
	if(present)
		list(JOIN present ", " names)
		message(FATAL_ERROR "kernel/sources.cmake does not list ${names}.")
	endif()
	cobnut_sources(core_sources kernel ${CORE_SOURCES})
	cobnut_sources(port_sources ${PORT_DIR} ${PORT_SOURCES})
	cobnut_sources(common_sources glue/common ${PORT_COMMON})
	cobnut_sources(small_sources kernel ${CORE_SMALL} ${PORT_SMALL_CORE})
	cobnut_sources(fast_sources kernel ${PORT_FAST_CORE})
	list(REMOVE_ITEM small_sources "" ${fast_sources})
	cobnut_sources(small_port_sources ${PORT_DIR} ${PORT_SMALL})
	# Options of a file come behind those of its target, and of several -O the last one counts.
	set_source_files_properties(${small_sources} ${small_port_sources} ${common_sources}
		PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release>:-Os>)
	# With the port's IPC path, and with the generic one: kernel-cpath is the kernel that differs
	# in nothing else.
	set(fastpath 0)
	if(PORT_HAS_FASTPATH AND COBNUT_FASTPATH)
		set(fastpath 1)
		cobnut_kernel_objects(port_cpath EXCLUDE_FROM_ALL ${port_sources} ${common_sources})
		cobnut_kernel_objects(core_cpath EXCLUDE_FROM_ALL ${core_sources})
		target_compile_definitions(port_cpath PRIVATE FASTPATH=0)
		target_compile_definitions(core_cpath PRIVATE FASTPATH=0)
	endif()
	cobnut_kernel_objects(port ${port_sources} ${common_sources})
	cobnut_kernel_objects(core ${core_sources})
	target_compile_definitions(port PRIVATE FASTPATH=${fastpath})
	target_compile_definitions(core PRIVATE FASTPATH=${fastpath})
	# The compiler calls memcpy and the like where it likes, and so late that link-time
	# optimisation would already have removed them.
	set_source_files_properties(${PROJECT_SOURCE_DIR}/glue/common/string.c
		${PROJECT_SOURCE_DIR}/glue/common/string_boot.c PROPERTIES
		COMPILE_OPTIONS "-fno-lto;-fno-tree-loop-distribute-patterns")

	# For scripts/check_contract.
	if(NOT COBNUT_ISA STREQUAL "host")
		if(NOT COBNUT_NM)
			set(COBNUT_NM ${CMAKE_NM})
		endif()
		set(separator "\",\n    \"")
		file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/objects.json CONTENT
"{
  \"port_name\": \"${PORT_NAME}\",
  \"config\": \"${COBNUT_CONFIG}\",
  \"nm\": \"${COBNUT_NM}\",
  \"core\": [
    \"$<JOIN:$<TARGET_OBJECTS:core>,${separator}>\"],
  \"port\": [
    \"$<JOIN:$<TARGET_OBJECTS:port>,${separator}>\"]
}
")
		add_test(NAME contract-symbols COMMAND ${Python3_EXECUTABLE}
			${PROJECT_SOURCE_DIR}/scripts/check_contract --build ${PROJECT_BINARY_DIR})
		set_tests_properties(contract-symbols PROPERTIES LABELS contract)
	endif()
endfunction()
