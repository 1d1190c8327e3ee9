# SPDX-License-Identifier: BSD-3-Clause
# The instructions of an ESP32-C3, by a compiler that knows no more of it.
set(TINYMX_BOARD_CPU -march=rv32imc -mabi=ilp32 --specs=picolibc.specs)
set(TINYMX_BOARD_PORTS ../tests/rv32imc)
