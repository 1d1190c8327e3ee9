# SPDX-License-Identifier: BSD-3-Clause
set(TINYMX_BOARD_CPU -mcpu=cortex-m7 -mthumb)
set(TINYMX_BOARD_PORTS cortexm stm32)
set(TINYMX_BOARD_CHIP h743)
set(TINYMX_BOARD_LD "${CMAKE_CURRENT_LIST_DIR}/../../port/stm32/stm32.ld")
set(TINYMX_BOARD_SILICON ON)
set(TINYMX_BOARD_SNTP ON)
