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

set(_board "${CMAKE_CURRENT_LIST_DIR}/../boards/${TINYMX_BOARD}")
include("${_board}/board.cmake" OPTIONAL)

if(TINYMX_BOARD_CPU)
  add_compile_options(${TINYMX_BOARD_CPU} -ffunction-sections -fdata-sections)
  add_link_options(${TINYMX_BOARD_CPU})
endif()
