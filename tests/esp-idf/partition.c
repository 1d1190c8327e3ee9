/* SPDX-License-Identifier: BSD-3-Clause */
#include "partition.h"

#include "os.h"

#include <string.h>

esp_partition_t partition;
unsigned partition_feeds;

static struct device *device;

void os_feed(void)
{
    partition_feeds++;
}

void partition_open(struct device *dev, const char *label)
{
    device = dev;
    partition = (esp_partition_t){
        .type = ESP_PARTITION_TYPE_DATA,
        .subtype = ESP_PARTITION_SUBTYPE_DATA_UNDEFINED,
        .address = 0x110000,
        .size = device_size(dev),
        .erase_size = dev->block.block_size,
        .encrypted = dev->block.prog_size == 16,
    };
    strncpy(partition.label, label, sizeof partition.label - 1);
}

void partition_close(void)
{
    device = NULL;
}

const esp_partition_t *esp_partition_find_first(esp_partition_type_t type,
                                                esp_partition_subtype_t subtype,
                                                const char *label)
{
    return device != NULL && type == partition.type &&
                   subtype == ESP_PARTITION_SUBTYPE_ANY &&
                   strcmp(label, partition.label) == 0
               ? &partition
               : NULL;
}

/* As ESP-IDF does: what is not inside the partition is refused. */
static bool is_inside(const esp_partition_t *p, size_t offset, size_t size)
{
    return p == &partition && offset <= p->size && size <= p->size - offset;
}

/* Something like encryption: what it is depends on the address, too. */
static void cipher(size_t offset, uint8_t *bytes, size_t size)
{
    struct chance chance;

    for (size_t i = 0; i < size && partition.encrypted; i++) {
        if ((offset + i) % 16 == 0) {
            chance = chance_of((offset + i) / 16, "cipher");
        }
        bytes[i] ^= (uint8_t)chance_next(&chance);
    }
}

esp_err_t esp_partition_read_raw(const esp_partition_t *p, size_t offset,
                                 void *dst, size_t size)
{
    struct mx_block *b = &device->block;

    if (!is_inside(p, offset, size)) {
        return ESP_ERR_INVALID_SIZE;
    }
    return b->read(b, (uint32_t)offset / b->block_size,
                   (uint32_t)offset % b->block_size, dst, size) == 0
               ? ESP_OK
               : ESP_FAIL;
}

esp_err_t esp_partition_read(const esp_partition_t *p, size_t offset, void *dst,
                             size_t size)
{
    esp_err_t err = esp_partition_read_raw(p, offset, dst, size);

    if (err == ESP_OK) {
        cipher(offset, dst, size);
    }
    return err;
}

/* Flash has no cache: what was done stays. */
static esp_err_t through(int rc)
{
    if (rc == 0) {
        rc = device->block.sync(&device->block);
    }
    return rc == 0 ? ESP_OK : ESP_FAIL;
}

esp_err_t esp_partition_write(const esp_partition_t *p, size_t offset,
                              const void *src, size_t size)
{
    uint8_t stored[4096]; /* not static: a power test is in here twice */
    struct mx_block *b = &device->block;

    if (!is_inside(p, offset, size) || p->readonly || size > sizeof stored) {
        return ESP_ERR_INVALID_SIZE;
    }
    memcpy(stored, src, size);
    cipher(offset, stored, size);
    return through(b->prog(b, (uint32_t)offset / b->block_size,
                           (uint32_t)offset % b->block_size, stored, size));
}

esp_err_t esp_partition_erase_range(const esp_partition_t *p, size_t offset,
                                    size_t size)
{
    struct mx_block *b = &device->block;
    int rc = 0;

    if (!is_inside(p, offset, size) || p->readonly ||
        offset % p->erase_size != 0 || size % p->erase_size != 0) {
        return ESP_ERR_INVALID_SIZE;
    }
    for (size_t at = offset; at < offset + size && rc == 0;
         at += b->block_size) {
        rc = b->erase(b, (uint32_t)at / b->block_size);
    }
    return through(rc);
}

esp_err_t esp_partition_mmap(const esp_partition_t *p, size_t offset,
                             size_t size, esp_partition_mmap_memory_t memory,
                             const void **out_ptr,
                             esp_partition_mmap_handle_t *out_handle)
{
    if (!is_inside(p, offset, size) || memory != ESP_PARTITION_MMAP_DATA) {
        return ESP_ERR_INVALID_SIZE;
    }
    *out_ptr = device->cells.now + offset;
    *out_handle = 1;
    return ESP_OK;
}
