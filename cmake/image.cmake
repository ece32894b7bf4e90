# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# image.cmake - add_image(): a kernel, a root task and modules become something that boots.
include_guard(GLOBAL)

if(NOT COBNUT_SCRIPTS) # an installed package has set it
	set(COBNUT_SCRIPTS ${PROJECT_SOURCE_DIR}/scripts)
endif()

# add_image(<name> [KERNEL <target>] [ROOT <program>] [MODULES <program>...] [CMDLINE <text>]
#           [ISO] [UNCHECKED])
#
# A <program> is the name of a target made by add_program(), or the path of a file, and may be
# followed by arguments, all in one string: "root verbose". It is the module's command line, the
# path shortened to its last part. The kernel is the target kernel.elf unless named.
#
# The image is described by images/<name>.json in the build directory, which scripts/run and the
# boot tests take; the target image-<name> makes it. ISO: also an image <name>-iso, a GRUB CD, where
# the port is booted by a boot loader. UNCHECKED: don't look whether the root task can work.
function(add_image name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "ISO;UNCHECKED" "KERNEL;ROOT;CMDLINE" "MODULES")
	if(arg_UNPARSED_ARGUMENTS)
		message(FATAL_ERROR "add_image(${name}): unknown argument ${arg_UNPARSED_ARGUMENTS}.")
	endif()
	if(NOT arg_ROOT AND NOT arg_UNCHECKED)
		message(FATAL_ERROR "add_image(${name}): an image needs a ROOT task.")
	endif()
	if(NOT arg_KERNEL)
		set(arg_KERNEL kernel.elf)
	endif()
	set(mkimage ${COBNUT_SCRIPTS}/mkimage)
	set(options --kernel $<TARGET_FILE:${arg_KERNEL}> --isa ${COBNUT_ISA}
	    --config ${COBNUT_CONFIG} --board ${COBNUT_BOARD} "--cmdline=${arg_CMDLINE}")
	if(arg_UNCHECKED)
		list(APPEND options --unchecked)
	endif()
	set(depends ${arg_KERNEL} ${mkimage} ${COBNUT_SCRIPTS}/lib/elf.py)
	foreach(module IN LISTS arg_ROOT arg_MODULES)
		string(REGEX MATCH "^[^ ]+" program "${module}")
		if(TARGET ${program})
			list(APPEND options --module "${module}=$<TARGET_FILE:${program}>")
			list(APPEND depends ${program})
		else()
			get_filename_component(base ${program} NAME)
			string(REPLACE "${program}" "${base}" cmdline "${module}")
			list(APPEND options --module "${cmdline}=${program}")
			list(APPEND depends ${program})
		endif()
	endforeach()

	set(dir ${PROJECT_BINARY_DIR}/images)
	file(MAKE_DIRECTORY ${dir})
	set(formats ${PORT_IMAGE})
	if(arg_ISO AND PORT_IMAGE STREQUAL "multiboot")
		list(APPEND formats iso)
	endif()
	foreach(format IN LISTS formats)
		set(made ${name})
		set(json ${dir}/${name}.json)
		set(file ${dir}/${name}.elf)
		if(format STREQUAL "iso")
			set(made ${name}-iso)
			set(json ${dir}/${name}-iso.json)
			set(file ${dir}/${name}-iso.iso)
		elseif(format STREQUAL "multiboot")
			set(file "")
		endif()
		add_custom_command(OUTPUT ${json} ${file}
			COMMAND ${Python3_EXECUTABLE} ${mkimage} --format ${format} --output ${json}
				${options}
			DEPENDS ${depends} VERBATIM COMMENT "Making the ${format} image ${name}")
		add_custom_target(image-${made} ALL DEPENDS ${json})
		set_property(GLOBAL APPEND PROPERTY COBNUT_IMAGES ${made})
	endforeach()
endfunction()

# add_boot_test(<name> IMAGE <image> EXPECT <regex>... [FAIL <regex>...]
#               [EXIT ok|panic|test_fail|timeout] [TIMEOUT <seconds>] [LABELS <label>...] [MEASURE]
#               [QEMU_ARGS <argument>...])
#
# Boot the image made by add_image(<image>) in the emulator. The test passes if each EXPECT
# matches, in this order, none of FAIL does, and the machine ends as EXIT says (default ok)
# before TIMEOUT seconds (default 60) are over. A time-out is a failure unless it is expected.
# QEMU_ARGS come behind those of the board, so that the emulator takes theirs before the board's.
function(add_boot_test name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "MEASURE" "IMAGE;EXIT;TIMEOUT"
		"EXPECT;FAIL;LABELS;QEMU_ARGS")
	if(arg_UNPARSED_ARGUMENTS OR NOT arg_IMAGE OR NOT arg_EXPECT)
		message(FATAL_ERROR "add_boot_test(${name}): IMAGE and EXPECT are needed; "
			"not understood: \"${arg_UNPARSED_ARGUMENTS}\".")
	endif()
	if(NOT arg_EXIT)
		set(arg_EXIT ok)
	endif()
	if(NOT arg_TIMEOUT)
		set(arg_TIMEOUT 60)
	endif()
	set(options --exit ${arg_EXIT} --timeout ${arg_TIMEOUT}
	    --log ${PROJECT_BINARY_DIR}/logs/${name}.log)
	foreach(regex IN LISTS arg_EXPECT)
		list(APPEND options --expect "${regex}")
	endforeach()
	foreach(regex IN LISTS arg_FAIL)
		list(APPEND options --fail "${regex}")
	endforeach()
	foreach(argument IN LISTS arg_QEMU_ARGS)
		list(APPEND options "--qemu-arg=${argument}")
	endforeach()
	if(arg_MEASURE)
		list(APPEND options --measure)
	endif()
	math(EXPR limit "${arg_TIMEOUT} + 30")
	add_test(NAME ${name} COMMAND ${Python3_EXECUTABLE} ${COBNUT_SCRIPTS}/boot_test
		${options} ${PROJECT_BINARY_DIR}/images/${arg_IMAGE}.json)
	set_tests_properties(${name} PROPERTIES TIMEOUT ${limit} LABELS "boot;${arg_LABELS}"
		SKIP_RETURN_CODE 77)
endfunction()
