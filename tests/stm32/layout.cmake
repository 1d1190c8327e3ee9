# SPDX-License-Identifier: BSD-3-Clause
#
# stm32.layout: each board's flash, as its data, its linker script and the
# table of port/stm32/README.md have it; the target stm32_layout_table writes
# that.

set(layouts)
foreach(board netduinoplus2:f4 nucleo-f429zi:f4 nucleo-f767zi:f7
        nucleo-h743zi2:h7)
  string(REPLACE ":" ";" board ${board})
  list(POP_BACK board family)
  set(program stm32_layout_${board})
  add_executable(${program} layout.c
    ${PROJECT_SOURCE_DIR}/boards/${board}/board_data.c
    ${PROJECT_SOURCE_DIR}/port/stm32/flash_sectors.c)
  set_target_properties(${program} PROPERTIES C_STANDARD 11)
  target_include_directories(${program} PRIVATE
    ${PROJECT_SOURCE_DIR}/port/stm32
    ${PROJECT_SOURCE_DIR}/port/stm32/regs/${family}
    ${PROJECT_SOURCE_DIR}/firmware)
  target_link_libraries(${program} PRIVATE
    tinymx_test_port tinymx_config tinymx_strict tinymx_sanitize)
  list(APPEND layouts ${board}=$<TARGET_FILE:${program}>)
endforeach()

set(layout ${TINYMX_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/layout_test.py)
add_test(NAME stm32.layout COMMAND ${layout} ${PROJECT_SOURCE_DIR} ${layouts})
set_tests_properties(stm32.layout PROPERTIES LABELS stm32 TIMEOUT 60)
add_custom_target(stm32_layout_table
  COMMAND ${layout} --write ${PROJECT_SOURCE_DIR} ${layouts} VERBATIM)
