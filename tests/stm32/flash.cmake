# SPDX-License-Identifier: BSD-3-Clause
# The flash of three chips, as three boards use it, and what is kept on it.

set(flash ${PROJECT_SOURCE_DIR}/port/stm32)
set(flash_f4 ${flash}/flash_f4f7.c ${flash}/flash_f4.c model/flash_if_f4f7.c)
set(flash_f7 ${flash}/flash_f4f7.c ${flash}/flash_f7.c model/flash_if_f4f7.c)
set(flash_h7 ${flash}/flash_h7.c model/flash_if_h7.c)

function(stm32_flash_tests family chip board)
  set(sources ${flash}/flash.c ${flash}/flash_sectors.c ${flash_${family}}
    model/flash_cells.c ${PROJECT_SOURCE_DIR}/boards/${board}/board_data.c)
  stm32_test(flash ${family} ${sources})

  # The spool and the identity on it, with the checkers of tests/power.
  set(power stm32_flash_power_${family})
  add_executable(${power} flash_power.c flash_outage.c model/model.c
    ${flash}/hw.c ${sources})
  set_target_properties(${power} PROPERTIES C_STANDARD 11)
  target_include_directories(${power} PRIVATE ${flash} ${flash}/regs/${family})
  target_include_directories(${power} SYSTEM PRIVATE ${CMOCKA_INCLUDE_DIR})
  target_compile_options(${power} PRIVATE -fno-pie)
  target_link_options(${power} PRIVATE -no-pie)
  target_link_libraries(${power} PRIVATE
    tinymx_contents ${CMOCKA_LIBRARY} tinymx_strict)
  add_test(NAME stm32.flash_power_${family} COMMAND ${power} --ops 30)
  set_tests_properties(stm32.flash_power_${family} PROPERTIES
    LABELS stm32 TIMEOUT 300)
  foreach(test stm32_flash_${family} ${power})
    target_compile_definitions(${test} PRIVATE TEST_CHIP="${chip}")
  endforeach()
endfunction()

stm32_flash_tests(f4 f429 nucleo-f429zi)
stm32_flash_tests(f7 f767 nucleo-f767zi)
stm32_flash_tests(h7 h743 nucleo-h743zi2)
