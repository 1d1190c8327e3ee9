# SPDX-License-Identifier: BSD-3-Clause
set(TINYMX_BOARD_CPU -mcpu=cortex-m3 -mthumb)
set(TINYMX_BOARD_PORTS cortexm stellaris)
set(TINYMX_BOARD_LD "${CMAKE_CURRENT_LIST_DIR}/lm3s6965evb.ld")
