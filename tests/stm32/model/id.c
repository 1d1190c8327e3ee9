/* SPDX-License-Identifier: BSD-3-Clause */
#include "id.h"

#include "base.h"
#include "model.h"

uint32_t id_uid[3], id_code;

static uint32_t uid_rd(uint32_t off)
{
    return id_uid[off / 4];
}

static uint32_t code_rd(uint32_t off)
{
    (void)off;
    return id_code;
}

static void no_wr(uint32_t off, uint32_t value)
{
    model_broken("an ID, 0x%02x, is written with 0x%x", off, value);
}

static struct model_unit uid = {
    .name = "UID", .base = UID_BASE, .size = 12, .rd = uid_rd, .wr = no_wr};
static struct model_unit code = {.name = "DBGMCU_IDCODE",
                                 .base = DBGMCU_BASE,
                                 .size = 4,
                                 .rd = code_rd,
                                 .wr = no_wr};

void id_begin(void)
{
    model_add(&uid);
    model_add(&code);
}
