/* SPDX-License-Identifier: BSD-3-Clause */
/* What is around the device of port/esp-idf: os.h, the task, the checks of the
 * sdkconfig, all of which do as they are told, and what was logged and written to
 * the console. */
#ifndef TINYMX_TESTS_ESP_WORLD_H
#define TINYMX_TESTS_ESP_WORLD_H

#include "block_ram.h"
#include "fit.h"
#include "menu.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum world_spool { SPOOL_BLANK, SPOOL_ABSENT, SPOOL_JUNK };

/* One of flash.test; one with more sessions than there are. */
enum world_image { IMAGE_ABSENT, IMAGE_GOOD, IMAGE_TOO_MUCH };

/* Set before the start; zero is a device on which all is well, and menuconfig's
 * values count. */
extern struct world {
    const char *mx_name;    /* NULL: mx.example.test; "": none */
    enum world_image image; /* in mx_config_a */
    enum world_spool spool;
    int nvs; /* what os_nvs() says */
    struct fit_finding finding[2];
    size_t findings;
    bool no_watchdog, no_console;
    int time; /* what os_time_start() says */
    int task; /* what mx_task_start() says before it starts anything */

    /* What became of it. */
    bool runs;                 /* the task */
    bool watched;              /* by the watchdog */
    bool server;               /* said that it is the server's */
    bool radio, entropy;       /* mx_idf_entropy() */
    uint32_t reserve, session; /* heap_limits() */
    unsigned feeds;
    int stack, priority;
    const char *time_server;
    char said[16384];  /* the log, a line each */
    char wrote[16384]; /* the console */
    struct block_ram flash, nvs_blocks;
} world;

/* A round of the task; what it returned. */
uint32_t world_round(void);

/* In the console's thread. */
void world_type(const char *text);

#endif
