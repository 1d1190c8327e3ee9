# SPDX-License-Identifier: BSD-3-Clause
#
# The bare-metal RISC-V compiler, as Debian's gcc-riscv64-unknown-elf and
# picolibc-riscv64-unknown-elf install it. It makes 32-bit code too: which, is
# said by the folder of the preset.

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)

# Nothing is linked but other files of object code.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
