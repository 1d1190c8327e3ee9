# SPDX-License-Identifier: BSD-3-Clause
#
# What boards/${TINYMX_BOARD}/board.cmake says of a board without an operating
# system; a folder without that file has none of it.
#
#   TINYMX_BOARD_CPU      compiler flags for its core; lwIP and mbedTLS get them
#                         too
#   TINYMX_BOARD_PORTS    folders of port/ that make up its platform
#   TINYMX_BOARD_LD       its linker script
#   TINYMX_BOARD_DEFS     definitions for the ports: facts of the board
#   TINYMX_BOARD_LINK     ethernet (if not said), or slip: SLIP over a serial
#                         line
#   TINYMX_BOARD_SNTP     ON: it asks a time server (MX_SNTP)
#   TINYMX_BOARD_READER   OFF: its RAM has no room for POP3
#   TINYMX_BOARD_SILICON  ON: a board to flash, which no emulator has: nothing in
#                         its image asks a host
#   TINYMX_BOARD_CHIP     for port/stm32: f405, f429, f767, h743
#   TINYMX_BOARD_STORE    for port/stm32: flash (if not said), or host: mail is in
#                         a file of the emulator's
#   TINYMX_BOARD_VECTORS_APART
#                         for port/stm32, ON: the vectors are not in front of the
#                         program, and are written on their own
#
# Its sizes are data beside that: mx_config.h, and memory.ld if its linker
# script includes one. TINYMX_SIZES_DIR has others, to try them.

set(TINYMX_SIZES_DIR "" CACHE PATH
    "Folder of mx_config.h and memory.ld to use instead of the board's")
set(TINYMX_BOARD_READER ON)
set(TINYMX_BOARD_LINK ethernet)
set(TINYMX_BOARD_STORE flash)
set(_board "${CMAKE_CURRENT_LIST_DIR}/../boards/${TINYMX_BOARD}")
include("${_board}/board.cmake" OPTIONAL)
set(TINYMX_BOARD_SIZES "${PROJECT_SOURCE_DIR}/boards/${TINYMX_BOARD}")
if(TINYMX_SIZES_DIR)
  set(TINYMX_BOARD_SIZES "${TINYMX_SIZES_DIR}")
endif()

if(TINYMX_BOARD_CPU)
  add_compile_options(${TINYMX_BOARD_CPU} -ffunction-sections -fdata-sections)
  add_link_options(${TINYMX_BOARD_CPU})
endif()
