# SPDX-License-Identifier: BSD-3-Clause
# The random number generator, behind its gate in RCC.

set(rng ${PROJECT_SOURCE_DIR}/port/stm32)
stm32_test(rng f4 ${rng}/rng.c ${rng}/health.c model/noise.c
  ${rng}/rcc.c ${rng}/rcc_v1.c ${rng}/rcc_f4.c
  model/rcc.c model/rcc_v1.c model/rcc_f4.c)
target_compile_definitions(stm32_rng_f4 PRIVATE RNG_TEST_CHIP="f429")
stm32_test(rng h7 ${rng}/rng.c ${rng}/health.c model/noise.c
  ${rng}/rcc.c ${rng}/rcc_h7.c model/rcc.c model/rcc_h7.c)
target_compile_definitions(stm32_rng_h7 PRIVATE RNG_TEST_CHIP="h743")
