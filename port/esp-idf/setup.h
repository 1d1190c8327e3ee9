/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The device's configuration: the image of tinymx-provision in one of the
 * partitions mx_config_a and mx_config_b that is valid and has the higher counter;
 * if neither is, what menuconfig says. Who writes a new one writes it over the one
 * that does not count, so that a power cut in that leaves the old one.
 */
#ifndef TINYMX_ESP_IDF_SETUP_H
#define TINYMX_ESP_IDF_SETUP_H

#include "tinymx/settings.h"

struct setup {
    /* The configuration that counts, `found`; NULL: there is none, and the log
     * says why and what to do. */
    const struct mx_settings *settings;
    bool menu; /* it is menuconfig's */
    struct mx_settings found;
};

/* Looks; the log says what is where. Once: there is room for one menuconfig. */
void setup_open(struct setup *setup);

#endif
