# SPDX-License-Identifier: BSD-3-Clause
set(TINYMX_BOARD_CPU -mcpu=cortex-m4 -mthumb)
set(TINYMX_BOARD_PORTS cortexm mps2)
set(TINYMX_BOARD_LD "${CMAKE_CURRENT_LIST_DIR}/mps2-an386.ld")
set(TINYMX_BOARD_SNTP ON)
