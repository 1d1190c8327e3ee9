/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Partitions of the flash. Flash encryption works on 16 bytes at once, so an
 * encrypted partition is programmed in such units. What is erased would read as
 * noise there, another one at each address, and no new spool be known as such; so
 * a unit that is all ones in the flash itself reads as that. What is encrypted is
 * all ones once in 2^128 times.
 */
#include "os.h"

#include "tinymx/block.h"
#include "tinymx/err.h"

#include "esp_partition.h"

#include <string.h>

#define PLACES 2
#define ENCRYPTED_UNIT 16

struct place {
    struct mx_block block; /* first: a pointer to it is one to this */
    const esp_partition_t *partition;
};

static size_t at(const struct mx_block *dev, uint32_t block, uint32_t off)
{
    return (size_t)block * dev->block_size + off;
}

static const esp_partition_t *partition_of(struct mx_block *dev)
{
    return ((struct place *)dev)->partition;
}

static int place_read(struct mx_block *dev, uint32_t block, uint32_t off,
                      void *buf, size_t len)
{
    esp_err_t err =
        esp_partition_read(partition_of(dev), at(dev, block, off), buf, len);

    return err == ESP_OK ? 0 : MX_EIO;
}

/* Puts ones where they are in the flash. */
static esp_err_t show_erased(const esp_partition_t *partition, size_t from,
                             uint8_t *buf, size_t len)
{
    uint8_t raw[8 * ENCRYPTED_UNIT], ones[ENCRYPTED_UNIT];
    esp_err_t err = ESP_OK;

    memset(ones, 0xff, sizeof ones);
    for (size_t done = 0; done < len && err == ESP_OK; done += sizeof raw) {
        size_t n = len - done < sizeof raw ? len - done : sizeof raw;

        err = esp_partition_read_raw(partition, from + done, raw, n);
        for (size_t i = 0; i < n && err == ESP_OK; i += ENCRYPTED_UNIT) {
            if (memcmp(raw + i, ones, ENCRYPTED_UNIT) == 0) {
                memcpy(buf + done + i, ones, ENCRYPTED_UNIT);
            }
        }
    }
    return err;
}

static int encrypted_read(struct mx_block *dev, uint32_t block, uint32_t off,
                          void *buf, size_t len)
{
    int rc = place_read(dev, block, off, buf, len);

    if (rc == 0 && show_erased(partition_of(dev), at(dev, block, off), buf,
                               len) != ESP_OK) {
        rc = MX_EIO;
    }
    return rc;
}

static int place_prog(struct mx_block *dev, uint32_t block, uint32_t off,
                      const void *data, size_t len)
{
    esp_err_t err =
        esp_partition_write(partition_of(dev), at(dev, block, off), data, len);

    return err == ESP_OK ? 0 : MX_EIO;
}

/* A new spool erases many of them in a row. */
static int place_erase(struct mx_block *dev, uint32_t block)
{
    esp_err_t err = esp_partition_erase_range(
        partition_of(dev), at(dev, block, 0), dev->block_size);

    os_feed();
    return err == ESP_OK ? 0 : MX_EIO;
}

/* Flash has no cache that would have to be written out. */
static int place_sync(struct mx_block *dev)
{
    (void)dev;
    return 0;
}

static const esp_partition_t *find(const char *label)
{
    return esp_partition_find_first(ESP_PARTITION_TYPE_DATA,
                                    ESP_PARTITION_SUBTYPE_ANY, label);
}

static void set(struct place *place, const esp_partition_t *partition)
{
    place->partition = partition;
    place->block = (struct mx_block){
        .read = partition->encrypted ? encrypted_read : place_read,
        .prog = place_prog,
        .erase = place_erase,
        .sync = place_sync,
        .read_size = partition->encrypted ? ENCRYPTED_UNIT : 1,
        .prog_size = partition->encrypted ? ENCRYPTED_UNIT : 1,
        .block_size = partition->erase_size,
        .block_count = partition->size / partition->erase_size,
    };
}

int os_partition(const char *label, struct mx_block **dev)
{
    static struct place places[PLACES];
    const esp_partition_t *partition = find(label);

    if (partition == NULL) {
        return MX_EEXIST;
    }
    for (size_t i = 0; i < PLACES; i++) {
        if (places[i].partition == NULL || places[i].partition == partition) {
            set(&places[i], partition);
            *dev = &places[i].block;
            return 0;
        }
    }
    return MX_ENOMEM;
}

const void *os_partition_map(const char *label, size_t *len)
{
    const esp_partition_t *partition = find(label);
    esp_partition_mmap_handle_t handle;
    const void *bytes;

    if (partition == NULL || esp_partition_mmap(partition, 0, partition->size,
                                                ESP_PARTITION_MMAP_DATA, &bytes,
                                                &handle) != ESP_OK) {
        return NULL;
    }
    *len = partition->size;
    return bytes;
}
