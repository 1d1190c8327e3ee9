/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * NVS as a device of blocks, for the identity: each block is a blob of the
 * namespace "tinymx", its key "id" and the block's number. What nobody wrote reads
 * as zeros, and a block of zeros is not there: so what the store clears takes no
 * room, and neither do the places for heads that it keeps free.
 *
 * A block takes 18 entries of NVS: 16 for its bytes, a head and an index. NVS
 * makes a change of one durable as a whole or not at all. Whether what was there
 * before can still be read out of the flash is NVS's: since 6.0.1 it wipes it, as
 * we ask; before, its encryption is what helps.
 */
#include "os.h"

#include "tinymx/block.h"
#include "tinymx/err.h"
#include "tinymx/keeper.h"
#include "util/fmt.h"
#include "util/log.h"

#include "esp_idf_version.h"
#include "nvs.h"

#include <string.h>

#define BLOCK 512

#if ESP_IDF_VERSION >= ESP_IDF_VERSION_VAL(6, 0, 1)
#define MODE NVS_READWRITE_PURGE
#else
#define MODE NVS_READWRITE
#endif

struct key {
    char text[16];
};

static nvs_handle_t handle;

static int failed(const char *what, esp_err_t err)
{
    log_begin(MX_LOG_ERROR, "nvs", 0);
    log_str("failed", what);
    log_text("error", esp_err_to_name(err));
    log_end();
    return err == ESP_ERR_NVS_NOT_ENOUGH_SPACE ? MX_ENOSPC : MX_EIO;
}

static struct key key_of(uint32_t block)
{
    struct key key;
    struct fmt f;

    fmt_init(&f, key.text, sizeof key.text);
    fmt_str(&f, "id");
    fmt_u32(&f, block);
    return key;
}

static int nvs_read(struct mx_block *dev, uint32_t block, uint32_t off,
                    void *buf, size_t len)
{
    struct key key = key_of(block);
    size_t size = len;
    esp_err_t err = nvs_get_blob(handle, key.text, buf, &size);

    (void)dev;
    (void)off;
    if (err == ESP_ERR_NVS_NOT_FOUND) {
        memset(buf, 0, len);
        return 0;
    }
    return err == ESP_OK && size == len ? 0 : MX_EIO;
}

static bool is_zero(const uint8_t *data, size_t len)
{
    return data[0] == 0 && memcmp(data, data + 1, len - 1) == 0;
}

static int nvs_clear(const char *key)
{
    esp_err_t err = nvs_erase_key(handle, key);

    return err == ESP_OK || err == ESP_ERR_NVS_NOT_FOUND ? 0
                                                         : failed("erase", err);
}

static int nvs_prog(struct mx_block *dev, uint32_t block, uint32_t off,
                    const void *data, size_t len)
{
    struct key key = key_of(block);
    esp_err_t err;
    int rc;

    (void)dev;
    (void)off;
    if (is_zero(data, len)) {
        rc = nvs_clear(key.text);
    } else {
        err = nvs_set_blob(handle, key.text, data, len);
        rc = err == ESP_OK ? 0 : failed("write", err);
    }
    return rc == 0 ? 0 : MX_EIO;
}

static int nvs_sync(struct mx_block *dev)
{
    esp_err_t err = nvs_commit(handle);

    (void)dev;
    if (err != ESP_OK) {
        (void)failed("commit", err);
    }
    return err == ESP_OK ? 0 : MX_EIO;
}

int os_nvs(struct mx_block **dev)
{
    static struct mx_block block = {
        .read = nvs_read,
        .prog = nvs_prog,
        .sync = nvs_sync,
        .read_size = BLOCK,
        .prog_size = BLOCK,
        .block_size = BLOCK,
        .overwrite = true,
    };
    esp_err_t err =
        block.block_count > 0 ? ESP_OK : nvs_open("tinymx", MODE, &handle);

    if (err != ESP_OK) {
        return failed("open", err);
    }
    block.block_count = mx_keeper_blocks(&block);
    *dev = &block;
    return 0;
}
