# SPDX-License-Identifier: BSD-3-Clause
# The chip, its drivers and its linker script are lm3s6965evb's.
include("${CMAKE_CURRENT_LIST_DIR}/../lm3s6965evb/board.cmake")
set(TINYMX_BOARD_READER OFF)
