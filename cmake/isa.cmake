# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# isa.cmake - which instruction sets there are, and where the port of each one is.
#
# A port is a directory with a port.cmake: arch/<isa>, or glue/{host,null}. An ISA called <isa>el
# is the little-endian version of <isa>: the same port with another toolchain.
include_guard(GLOBAL)

# cobnut_valid_isas(<out>)
function(cobnut_valid_isas out)
	set(valid host null)
	file(GLOB files ${CMAKE_CURRENT_SOURCE_DIR}/cmake/toolchains/*-gcc.cmake)
	foreach(file IN LISTS files)
		get_filename_component(name ${file} NAME)
		string(REPLACE "-gcc.cmake" "" name ${name})
		list(APPEND valid ${name})
	endforeach()
	file(GLOB files ${CMAKE_CURRENT_SOURCE_DIR}/arch/*/port.cmake)
	foreach(file IN LISTS files)
		get_filename_component(dir ${file} DIRECTORY)
		get_filename_component(name ${dir} NAME)
		list(APPEND valid ${name})
	endforeach()
	list(REMOVE_DUPLICATES valid)
	list(SORT valid)
	set(${out} ${valid} PARENT_SCOPE)
endfunction()

# cobnut_select_isa(): check COBNUT_ISA and choose the toolchain. Before project().
function(cobnut_select_isa)
	cobnut_valid_isas(valid)
	if(NOT COBNUT_ISA IN_LIST valid)
		list(JOIN valid ", " names)
		message(FATAL_ERROR "Unknown ISA \"${COBNUT_ISA}\" in COBNUT_ISA. Valid ISAs: ${names}.\n"
			"The usual way is a preset: cmake --preset <isa>-debug "
			"(cmake --list-presets shows all).")
	endif()
	if(COBNUT_CONFIGURED_ISA AND NOT COBNUT_CONFIGURED_ISA STREQUAL COBNUT_ISA)
		message(FATAL_ERROR "This build directory was configured for ${COBNUT_CONFIGURED_ISA}. "
			"Use another directory for ${COBNUT_ISA}.")
	endif()
	set(COBNUT_CONFIGURED_ISA ${COBNUT_ISA} CACHE INTERNAL "the ISA of the build directory")
	set(toolchain ${CMAKE_CURRENT_SOURCE_DIR}/cmake/toolchains/${COBNUT_ISA}-gcc.cmake)
	if(NOT CMAKE_TOOLCHAIN_FILE AND EXISTS ${toolchain})
		set(CMAKE_TOOLCHAIN_FILE ${toolchain} CACHE FILEPATH "toolchain of the ISA")
	endif()
	if(NOT CMAKE_BUILD_TYPE)
		set(CMAKE_BUILD_TYPE Debug CACHE STRING "Debug or Release" FORCE)
	elseif(NOT CMAKE_BUILD_TYPE MATCHES "^(Debug|Release)$")
		message(FATAL_ERROR "Unknown build type \"${CMAKE_BUILD_TYPE}\". "
			"Valid build types: Debug, Release.")
	endif()
endfunction()

# cobnut_port_dir(<isa> <out>): the directory of its port.
function(cobnut_port_dir isa out)
	string(REGEX REPLACE "el$" "" base ${isa})
	foreach(dir IN ITEMS arch/${isa} glue/${isa} arch/${base})
		if(EXISTS ${PROJECT_SOURCE_DIR}/${dir}/port.cmake)
			set(${out} ${dir} PARENT_SCOPE)
			return()
		endif()
	endforeach()
	message(FATAL_ERROR "${isa} has a toolchain but no port: there is no arch/${base}/port.cmake. "
		"scripts/new_port starts one; docs/porting.md says what it needs.")
endfunction()
