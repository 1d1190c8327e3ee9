# SPDX-License-Identifier: BSD-3-Clause
set(TINYMX_BOARD_CPU -mcpu=cortex-m4 -mthumb)
set(TINYMX_BOARD_PORTS cortexm stm32)
set(TINYMX_BOARD_CHIP f405)
set(TINYMX_BOARD_LINK slip)
set(TINYMX_BOARD_STORE host)
set(TINYMX_BOARD_LD "${CMAKE_CURRENT_LIST_DIR}/../../port/stm32/stm32.ld")
