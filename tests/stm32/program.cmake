# SPDX-License-Identifier: BSD-3-Clause
#
# stm32.program_BOARD: boards/program, with the images that it writes.

find_program(TINYMX_ARM_NM arm-none-eabi-nm)
foreach(board nucleo-f429zi nucleo-f767zi nucleo-h743zi2)
  set(image "${PROJECT_SOURCE_DIR}/build/${board}/port/cortexm/tinymx-${board}.elf")
  if(NOT TINYMX_BOARD_TESTS OR NOT TINYMX_ARM_NM OR NOT EXISTS "${image}" OR
     NOT TARGET tinymx-provision OR TINYMX_SANITIZE)
    continue()
  endif()
  add_test(NAME stm32.program_${board} COMMAND ${TINYMX_PYTHON} -B
           ${CMAKE_CURRENT_SOURCE_DIR}/program_test.py ${PROJECT_SOURCE_DIR}
           $<TARGET_FILE:tinymx-provision> ${board} ${image})
  set_tests_properties(stm32.program_${board} PROPERTIES
    LABELS "stm32;boards" TIMEOUT 300)
endforeach()
