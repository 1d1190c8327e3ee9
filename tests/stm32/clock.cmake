# SPDX-License-Identifier: BSD-3-Clause
#
# Clocks, pins, serial lines, watchdog, what a chip knows of itself. Other lists
# take ${clock_FAMILY}: the driver of the clocks, and their model.

set(port ${PROJECT_SOURCE_DIR}/port/stm32)
set(clock_f4 model/rcc.c model/rcc_v1.c model/rcc_f4.c
  ${port}/rcc.c ${port}/rcc_v1.c ${port}/rcc_f4.c)
set(clock_f7 model/rcc.c model/rcc_v1.c model/rcc_f7.c
  ${port}/rcc.c ${port}/rcc_v1.c ${port}/rcc_f7.c)
set(clock_h7 model/rcc.c model/rcc_h7.c ${port}/rcc.c ${port}/rcc_h7.c)

function(stm32_clock_tests family chip board line)
  stm32_test(rcc ${family} rcc_cases_${family}.c ${clock_${family}}
    ${PROJECT_SOURCE_DIR}/boards/${board}/board_data.c)
  stm32_test(gpio ${family} ${clock_${family}} model/gpio.c ${port}/gpio.c)
  stm32_test(usart ${family} ${clock_${family}} model/line.c
    model/line_${line}.c ${port}/usart_${line}.c)
  stm32_test(iwdg ${family} model/dog.c ${port}/iwdg.c)
  stm32_test(chip ${family} model/id.c ${port}/chip.c ${port}/chip_uid.c)
  foreach(name gpio usart)
    target_compile_definitions(stm32_${name}_${family} PRIVATE
      TEST_CHIP="${chip}")
  endforeach()
endfunction()

stm32_clock_tests(f4 f429 nucleo-f429zi v1)
stm32_clock_tests(f7 f767 nucleo-f767zi v2)
stm32_clock_tests(h7 h743 nucleo-h743zi2 v2)
stm32_test(erratum f7 model/id.c ${port}/erratum_f767.c)
stm32_test(emulated f4 ${port}/chip.c ${port}/chip_uid_none.c
  ${port}/erratum_none.c)
