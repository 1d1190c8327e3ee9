/* SPDX-License-Identifier: BSD-3-Clause */
/* STM32F76x, F77x: errata sheet ES0334, Ethernet. */
#include "chip.h"

#include "base.h"
#include "dbgmcu.h"
#include "hw.h"

#include <stddef.h>

const char *chip_erratum(void)
{
    uint32_t id = hw_rd(DBGMCU_BASE + DBGMCU_IDCODE);

    if (hw_value(DBGMCU_IDCODE_DEV_ID, id) != DBGMCU_IDCODE_DEV_ID_F76X ||
        hw_value(DBGMCU_IDCODE_REV_ID, id) != DBGMCU_IDCODE_REV_ID_A) {
        return NULL;
    }
    return "silicon revision A receives wrong data over RMII: "
           "a board with revision Z is needed";
}
