# SPDX-License-Identifier: BSD-3-Clause
# The MACs with their PHY, and lwIP's own pbufs: one play, two drivers.

set(port ${PROJECT_SOURCE_DIR}/port/stm32)
set(stage eth_stage.c model/mdio.c model/lan8742a.c model/gpio.c model/rcc.c
  ${port}/phy.c ${port}/gpio.c ${port}/rcc.c)
foreach(chip f429 f767)
  string(SUBSTRING ${chip} 0 2 family)
  stm32_test(eth ${family} ${stage} eth_v1_player.c model/mac_v1.c
    model/dma_v1.c model/rcc_v1.c model/rcc_${family}.c
    ${port}/eth_v1.c ${port}/eth_v1_ring.c ${port}/eth_v1_mdio.c
    ${port}/rcc_v1.c ${port}/rcc_${family}.c)
  target_compile_definitions(stm32_eth_${family} PRIVATE
    STAGE_CHIP="${chip}")
endforeach()
stm32_test(eth h7 ${stage} eth_qos_player.c model/mac_qos.c model/dma_qos.c
  model/rcc_h7.c ${port}/eth_qos.c ${port}/eth_qos_ring.c ${port}/rcc_h7.c)
foreach(family f4 f7 h7)
  target_link_libraries(stm32_eth_${family} PRIVATE
    tinymx_lwip tinymx_test_port)
endforeach()

stm32_test(phy f4 model/lan8742a.c ${port}/phy.c)
