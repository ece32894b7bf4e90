# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# host.cmake - the generic kernel as an ordinary program of the host, tested with cmocka.
include_guard(GLOBAL)

# cobnut_host_flags(): sanitizers, or line counts, for everything in a host build.
macro(cobnut_host_flags)
	if(COBNUT_COVERAGE)
		add_compile_options(--coverage -O0)
		add_link_options(--coverage)
	else()
		add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
			-fno-omit-frame-pointer)
		add_link_options(-fsanitize=address,undefined)
		if(CMAKE_SIZEOF_VOID_P EQUAL 4)
			# The sanitizers' shared libraries of the cross compiler are not where the
			# host's loader looks.
			add_link_options(-static-libasan -static-libubsan)
		endif()
	endif()
endmacro()

# cobnut_find_cmocka(): the imported library cmocka, of the word size that is built for.
function(cobnut_find_cmocka)
	find_path(CMOCKA_INCLUDE cmocka.h)
	if(CMAKE_SIZEOF_VOID_P EQUAL 4)
		set(package libcmocka-dev:i386)
		find_library(CMOCKA_LIBRARY cmocka PATHS /usr/lib/i386-linux-gnu NO_DEFAULT_PATH)
	else()
		set(package libcmocka-dev)
		find_library(CMOCKA_LIBRARY cmocka)
	endif()
	if(NOT CMOCKA_INCLUDE OR NOT CMOCKA_LIBRARY)
		message(FATAL_ERROR "cmocka, the unit test library, was not found. "
			"On Debian, the package ${package} has it (scripts/setup installs it).")
	endif()
	add_library(cmocka UNKNOWN IMPORTED)
	# cmocka.h alone: its directory holds the 64-bit C library's headers as well.
	file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/cmocka)
	configure_file(${CMOCKA_INCLUDE}/cmocka.h ${PROJECT_BINARY_DIR}/cmocka/cmocka.h COPYONLY)
	set_target_properties(cmocka PROPERTIES IMPORTED_LOCATION ${CMOCKA_LIBRARY}
		INTERFACE_INCLUDE_DIRECTORIES ${PROJECT_BINARY_DIR}/cmocka)
endfunction()

# add_unit_test(<name> SOURCES <file>... [LABELS <label>...] [ALONE]): a cmocka program, linked
# with the whole generic kernel and the host port; ALONE: without them. Files are relative to the
# calling directory.
function(add_unit_test name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "ALONE" "" "SOURCES;LABELS")
	add_executable(${name} ${arg_SOURCES})
	target_include_directories(${name} PRIVATE
		${PROJECT_BINARY_DIR}/include ${PROJECT_SOURCE_DIR}/kernel/include
		${PROJECT_SOURCE_DIR}/glue/include ${PROJECT_SOURCE_DIR}/glue
		${PROJECT_SOURCE_DIR}/${PORT_DIR}/include ${PROJECT_SOURCE_DIR})
	target_compile_options(${name} PRIVATE ${COBNUT_COMMON_FLAGS} ${PORT_KERNEL_FLAGS})
	target_link_libraries(${name} PRIVATE cmocka)
	if(NOT arg_ALONE)
		target_link_libraries(${name} PRIVATE core port)
	endif()
	add_test(NAME ${name} COMMAND ${name})
	set_tests_properties(${name} PROPERTIES TIMEOUT 300 LABELS "unit;${arg_LABELS}"
		ENVIRONMENT "UBSAN_OPTIONS=print_stacktrace=1")
	if(COBNUT_COVERAGE)
		set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED counters)
		set_property(GLOBAL APPEND PROPERTY COBNUT_UNIT_TESTS ${name})
	endif()
endfunction()

# cobnut_add_coverage_test(<lines> <branches>): once all unit tests have run, at least so many of
# each hundred lines of the generic kernel were executed, and of its branches taken.
function(cobnut_add_coverage_test lines branches)
	find_program(GCOVR gcovr)
	if(NOT GCOVR)
		message(FATAL_ERROR "gcovr was not found. On Debian: apt-get install gcovr "
			"(scripts/setup does it).")
	endif()
	get_property(tests GLOBAL PROPERTY COBNUT_UNIT_TESTS)
	add_test(NAME coverage-reset
		COMMAND find ${PROJECT_BINARY_DIR} -name "*.gcda" -delete)
	add_test(NAME coverage COMMAND ${GCOVR} --root ${PROJECT_SOURCE_DIR}
		--object-directory ${PROJECT_BINARY_DIR} --filter ${PROJECT_SOURCE_DIR}/kernel/
		--exclude-throw-branches --sort-uncovered --print-summary
		--fail-under-line ${lines} --fail-under-branch ${branches} ${PROJECT_BINARY_DIR})
	set_tests_properties(coverage-reset PROPERTIES FIXTURES_SETUP counters LABELS coverage)
	set_tests_properties(coverage PROPERTIES FIXTURES_REQUIRED counters DEPENDS "${tests}"
		LABELS coverage)
endfunction()
