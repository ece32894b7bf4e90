# SPDX-License-Identifier: BSD-2-Clause
# SPDX-FileCopyrightText: 2026 the Cobnut authors
#
# install.cmake - cmake --install gives what a program needs that is built outside this tree.
# Several ISAs and configurations share one prefix; each is a kit:
#
#   lib/cobnut/<isa>-<board>-<config>/   kernel.elf, programs, libraries, headers, config, board
#   lib/cobnut/scripts/                  mkimage, boot_test and what they need
#   lib/cmake/Cobnut/                    the CMake package, toolchains
include_guard(GLOBAL)
include(CMakePackageConfigHelpers)

set(kit ${COBNUT_ISA}-${COBNUT_BOARD}-${COBNUT_CONFIG})
set(dir lib/cobnut/${kit})
set(package lib/cmake/Cobnut)

install(FILES $<TARGET_FILE:kernel.elf> DESTINATION ${dir})
install(FILES $<TARGET_FILE:root> DESTINATION ${dir}/programs)
install(TARGETS l4 rt ARCHIVE DESTINATION ${dir}/lib)
install(FILES user/lib/rt/program.lds DESTINATION ${dir}/lib)
install(FILES ${PROJECT_BINARY_DIR}/config.json DESTINATION ${dir})
install(FILES ${PROJECT_BINARY_DIR}/include/config.h DESTINATION ${dir}/config)
install(DIRECTORY user/lib/l4/include/ user/lib/l4/arch/${PORT_BASE}/include/ user/lib/rt/include/
	kernel/include/ DESTINATION ${dir}/include PATTERN "kernel" EXCLUDE)

install(PROGRAMS scripts/mkimage scripts/boot_test DESTINATION lib/cobnut/scripts)
install(FILES scripts/lib/__init__.py scripts/lib/elf.py scripts/lib/project.py scripts/lib/qemu.py
	DESTINATION lib/cobnut/scripts/lib)
install(FILES ${COBNUT_BOARD_FILE} DESTINATION lib/cobnut/cmake/boards)

# What the compiler has to be told about user programs, as words for the package's file.
set(options ${COBNUT_FREESTANDING} ${PORT_USER_FLAGS} -fno-common)
set(link_options ${PORT_USER_FLAGS} ${COBNUT_LINK} ${PORT_USER_LINK_FLAGS})
configure_file(cmake/kit.cmake.in ${PROJECT_BINARY_DIR}/kit.cmake @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/kit.cmake DESTINATION ${dir})

write_basic_package_version_file(${PROJECT_BINARY_DIR}/CobnutConfigVersion.cmake
	VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES cmake/CobnutConfig.cmake cmake/user.cmake cmake/image.cmake
	${PROJECT_BINARY_DIR}/CobnutConfigVersion.cmake DESTINATION ${package})
install(DIRECTORY cmake/toolchains DESTINATION ${package})
