/* SPDX-License-Identifier: BSD-3-Clause */
#include "nvs_store.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK 512
#define HANDLE 42

struct nvs_store nvs_store;

static struct device *device;

void nvs_store_open(struct device *dev)
{
    device = dev;
    nvs_store = (struct nvs_store){.open_error = ESP_OK};
}

const char *esp_err_to_name(esp_err_t code)
{
    return code == ESP_ERR_NVS_NOT_ENOUGH_SPACE ? "ESP_ERR_NVS_NOT_ENOUGH_SPACE"
                                                : "ESP_FAIL";
}

esp_err_t nvs_open(const char *name, nvs_open_mode_t mode, nvs_handle_t *handle)
{
    nvs_store.mode = mode;
    *handle = HANDLE;
    return strcmp(name, "tinymx") == 0 ? nvs_store.open_error
                                       : ESP_ERR_NVS_NOT_FOUND;
}

static int read(uint32_t block, uint8_t buf[BLOCK])
{
    return device->block.read(&device->block, block, 0, buf, BLOCK);
}

static bool is_there(const uint8_t bytes[BLOCK])
{
    static const uint8_t zeros[BLOCK];

    return memcmp(bytes, zeros, BLOCK) != 0;
}

unsigned nvs_store_blobs(void)
{
    uint8_t bytes[BLOCK];
    unsigned n = 0;

    for (uint32_t i = 0; i < device->block.block_count; i++) {
        n += read(i, bytes) != 0 || is_there(bytes);
    }
    return n;
}

/* The block of a key, or none. */
static int block_of(nvs_handle_t handle, const char *key)
{
    char *end = NULL;
    long n = strncmp(key, "id", 2) == 0 ? strtol(key + 2, &end, 10) : -1;

    return handle == HANDLE && end != NULL && *end == '\0' && n >= 0 &&
                   (uint32_t)n < device->block.block_count
               ? (int)n
               : -1;
}

esp_err_t nvs_get_blob(nvs_handle_t handle, const char *key, void *value,
                       size_t *length)
{
    uint8_t bytes[BLOCK];
    int block = block_of(handle, key);

    if (block < 0 || read((uint32_t)block, bytes) != 0) {
        return ESP_FAIL;
    }
    if (!is_there(bytes)) {
        return ESP_ERR_NVS_NOT_FOUND;
    }
    if (*length < BLOCK) {
        return ESP_ERR_NVS_INVALID_LENGTH;
    }
    *length = nvs_store.cut_short ? BLOCK / 2 : BLOCK;
    memcpy(value, bytes, *length);
    return ESP_OK;
}

static esp_err_t write(uint32_t block, const void *value)
{
    return device->block.prog(&device->block, block, 0, value, BLOCK) == 0
               ? ESP_OK
               : ESP_FAIL;
}

esp_err_t nvs_set_blob(nvs_handle_t handle, const char *key, const void *value,
                       size_t length)
{
    uint8_t bytes[BLOCK];
    int block = block_of(handle, key);

    if (block < 0 || length != BLOCK) {
        return ESP_FAIL;
    }
    if (nvs_store.room > 0 && nvs_store_blobs() >= nvs_store.room &&
        read((uint32_t)block, bytes) == 0 && !is_there(bytes)) {
        return ESP_ERR_NVS_NOT_ENOUGH_SPACE;
    }
    nvs_store.zeros += !is_there(value);
    return write((uint32_t)block, value);
}

esp_err_t nvs_erase_key(nvs_handle_t handle, const char *key)
{
    static const uint8_t zeros[BLOCK];
    uint8_t bytes[BLOCK];
    int block = block_of(handle, key);

    if (block < 0) {
        return ESP_FAIL;
    }
    if (read((uint32_t)block, bytes) == 0 && !is_there(bytes)) {
        return ESP_ERR_NVS_NOT_FOUND;
    }
    return write((uint32_t)block, zeros);
}

esp_err_t nvs_commit(nvs_handle_t handle)
{
    nvs_store.commits++;
    return handle == HANDLE && device->block.sync(&device->block) == 0
               ? ESP_OK
               : ESP_FAIL;
}
