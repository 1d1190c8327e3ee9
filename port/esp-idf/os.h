/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What ESP-IDF supplies: the files esp_*.c define these, and nothing else of this
 * folder includes a header of ESP-IDF.
 *
 *     device.c, setup.c, heap.c, fit.c ── os.h ──► esp_*.c ──► ESP-IDF
 *
 * All is called from the server's task, except where it says otherwise.
 */
#ifndef TINYMX_ESP_IDF_OS_H
#define TINYMX_ESP_IDF_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fit_facts;
struct mx_block;
struct mx_console;
struct menu;

/* --- what keeps bytes ---------------------------------------------------- */

/* A data partition as a device, by its label. 0 and *dev; MX_EEXIST: there is no
 * such partition; MX_EIO. Of one label at most one at a time. */
int os_partition(const char *label, struct mx_block **dev);

/* A data partition's bytes, read in place for as long as the device runs. NULL:
 * there is no such partition. */
const void *os_partition_map(const char *label, size_t *len);

/* The identity's place: blobs of NVS, each a block, so that its encryption covers
 * them. 0 and *dev; MX_EIO, MX_ENOSPC. */
int os_nvs(struct mx_block **dev);

/* --- memory --------------------------------------------------------------- */

struct os_heap {
    size_t free;    /* now */
    size_t least;   /* since boot */
    size_t largest; /* block that could be had now */
    size_t size;
};
void os_heap(struct os_heap *heap);

/* What is free of it. Asked at every request of mbedTLS, which are thousands in a
 * handshake: nothing is walked through for this one. */
size_t os_heap_free(void);

/* Zeroed, of the memory that TLS is to use; NULL: none. os_free() takes what
 * mbedTLS had before as well. From any task. */
void *os_calloc(size_t count, size_t size);
void os_free(void *ptr);

/* From here on mbedTLS takes its memory by these two, in every task. */
void os_tls_memory(void *(*calloc)(size_t, size_t), void (*free)(void *));

/* The task that calls this is the server's, from here on. */
void os_server(void);

/* Is this the server's task? What others take is not its memory. */
bool os_is_server(void);

/* --- the rest ------------------------------------------------------------- */

/* The watchdog looks at the task that calls this, from here on; os_feed() says
 * that it goes round. 0, or MX_ENOTSUP: it is not in this build. */
int os_watch(void);
void os_feed(void);

/* Asks `server` for the time; NULL: whom DHCP names. Kept. 0; MX_ENOTSUP: DHCP is
 * not asked for time servers in this build; MX_EIO. */
int os_time_start(const char *server);

/* "power-on", "watchdog", ... */
const char *os_reset_cause(void);

/* For `status`: heap, stacks, cause of the reset; whole lines. */
void os_status(struct mx_console *c);

/* What this sdkconfig and this chip have. */
void os_facts(struct fit_facts *facts);

/* What menuconfig says of the device. */
void os_menu(struct menu *menu);

/* Whose noise the chip's generator has, by mx_idf_entropy(). */
enum os_noise {
    OS_NOISE_NONE, /* nobody said: no keys are made of it */
    OS_NOISE_RADIO,
    OS_NOISE_ADC,
};
enum os_noise os_noise(void);

/* A thread that reads what is typed and hands it to `typed`, in that thread. 0,
 * or MX_ENOTSUP: this build has no console. */
int os_console_start(void (*typed)(const char *text, size_t len));

/* To the console; all of it. */
void os_console_write(const char *text, size_t len);

#endif
