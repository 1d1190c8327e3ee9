# SPDX-License-Identifier: BSD-3-Clause
#
# stm32.facts: each number of port/stm32/regs follows from its row in facts/.

add_test(NAME stm32.facts COMMAND ${TINYMX_PYTHON} -B
  ${CMAKE_CURRENT_SOURCE_DIR}/facts_test.py ${PROJECT_SOURCE_DIR})
set_tests_properties(stm32.facts PROPERTIES LABELS stm32 TIMEOUT 60)
