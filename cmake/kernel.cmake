# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# kernel.cmake - link kernel images: preprocessed linker script, two passes for the symbol table.
include_guard(GLOBAL)

# cobnut_linker_script(): the target linker_script makes kernel.lds from the port's script.
function(cobnut_linker_script)
	set(in ${PROJECT_SOURCE_DIR}/${PORT_DIR}/${PORT_LINKER_SCRIPT})
	set(out ${PROJECT_BINARY_DIR}/kernel.lds)
	add_custom_command(OUTPUT ${out}
		COMMAND ${CMAKE_C_COMPILER} ${PORT_KERNEL_FLAGS} -E -P -x c -undef -D__ASSEMBLER__
			-DLINKER_SCRIPT -I ${PROJECT_BINARY_DIR}/include
			-I ${PROJECT_SOURCE_DIR}/${PORT_DIR}/include
			-I ${PROJECT_SOURCE_DIR}/kernel/include
			-MD -MF ${out}.d -MT ${out} -o ${out} ${in}
		DEPENDS ${in} DEPFILE ${out}.d
		COMMENT "Preprocessing the linker script" VERBATIM)
	add_custom_target(linker_script DEPENDS ${out})
endfunction()

# cobnut_add_kernel(<name> <object library>...): <name>.elf.
#
# The kernel names the functions in its backtraces by a table of its own symbols. The first pass
# links with an empty table; the second with the table made from the first one's symbols. The
# table lies behind all code, so that no address moves; scripts/ksyms --check makes sure.
function(cobnut_add_kernel name)
	set(objects "")
	foreach(library IN LISTS ARGN)
		list(APPEND objects $<TARGET_OBJECTS:${library}>)
	endforeach()
	set(ksyms ${PROJECT_SOURCE_DIR}/scripts/ksyms)
	set(dir ${PROJECT_BINARY_DIR}/${name}.dir)
	file(MAKE_DIRECTORY ${dir})
	foreach(pass IN ITEMS 1 2)
		if(pass EQUAL 1)
			set(target ${name}.pass1)
			add_custom_command(OUTPUT ${dir}/ksyms1.S
				COMMAND ${Python3_EXECUTABLE} ${ksyms} --empty -o ${dir}/ksyms1.S
				DEPENDS ${ksyms} COMMENT "Empty symbol table for the first pass" VERBATIM)
		else()
			set(target ${name}.elf)
			add_custom_command(OUTPUT ${dir}/ksyms2.S
				COMMAND ${Python3_EXECUTABLE} ${ksyms} -o ${dir}/ksyms2.S
					$<TARGET_FILE:${name}.pass1>
				DEPENDS ${ksyms} ${name}.pass1 VERBATIM
				COMMENT "Making the symbol table of ${name}.elf")
		endif()
		add_executable(${target} ${objects} ${dir}/ksyms${pass}.S)
		set_target_properties(${target} PROPERTIES SUFFIX "")
		target_compile_options(${target} PRIVATE ${PORT_KERNEL_FLAGS})
		target_link_options(${target} PRIVATE ${PORT_KERNEL_FLAGS} ${COBNUT_LINK}
			$<$<CONFIG:Release>:-O2> $<$<CONFIG:Release>:-flto>
			$<$<CONFIG:Release>:-flto-partition=one>
			$<$<CONFIG:Release>:-Wl,--gc-sections> ${PORT_LINK_FLAGS})
		target_link_libraries(${target} PRIVATE gcc)
		if(TARGET linker_script) # not in a port that only links
			target_link_options(${target} PRIVATE -Wl,-T,${PROJECT_BINARY_DIR}/kernel.lds)
			set_target_properties(${target} PROPERTIES
				LINK_DEPENDS ${PROJECT_BINARY_DIR}/kernel.lds)
			add_dependencies(${target} linker_script)
		endif()
	endforeach()
	set_target_properties(${name}.pass1 PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${dir})
	set_target_properties(${name}.elf PROPERTIES
		RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
	add_custom_command(TARGET ${name}.elf POST_BUILD
		COMMAND ${Python3_EXECUTABLE} ${ksyms} --check
			$<TARGET_FILE:${name}.pass1> $<TARGET_FILE:${name}.elf>
		VERBATIM)
endfunction()
