/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The configuration of a board: a block of bytes in flash that tinymx-provision
 * makes of the simulator's configuration file, and that is read in place. Texts
 * and lists are used where they are, for as long as the device runs.
 *
 *     │ head: magic, version, length, counter, CRC │ item │ item │ ... │
 *
 * The bytes of the format are in docs/configuration.md; version 1. A number
 * names each setting for ever; one that a firmware does not know is passed over
 * if its number is even, and refused if it is odd ("must be understood").
 */
#ifndef TINYMX_SETTINGS_H
#define TINYMX_SETTINGS_H

#include "tinymx/mail.h"
#include "tinymx/policy.h"

struct mx_server_config;

/* Contents private to firmware/settings. */
struct mx_settings {
    const uint8_t *at; /* the items; NULL: none */
    size_t len;
    uint32_t
        counter; /* how often it was written: the higher one of two counts */
};

/* Looks at `room` bytes in flash. 0; MX_EFORMAT: that is none (blank, damaged, cut
 * off); MX_ENOTSUP: a newer version, or a setting that must be understood and is
 * not. *why is a static sentence that says what, and what to do. */
int mx_settings_open(struct mx_settings *s, const void *image, size_t room,
                     const char **why);

/* Flash that nobody wrote to. */
bool mx_settings_blank(const void *image, size_t room);

/* A place for a configuration. Two of them, of which the one that does not count
 * is written, survive a power cut in that. */
struct mx_settings_area {
    const void *image;
    size_t room; /* 0: there is no such place */
};

/* Opens the one with the highest counter of those that are valid; of equal ones
 * the first. Which one it is, from 0; or MX_EFORMAT: none. */
int mx_settings_choose(struct mx_settings *s,
                       const struct mx_settings_area *area, unsigned count);

/* What is set, by a name of `enum mx_setting`. */
enum mx_setting {
    /* clang-format off */
    MX_SETTING_MX          = 0x01, /* text; there always is one */
    MX_SETTING_DOMAIN      = 0x03, /* list */
    MX_SETTING_RCPT        = 0x05, /* list */
    MX_SETTING_CERT        = 0x07, /* bytes: a chain, DER, leaf first */
    MX_SETTING_KEY         = 0x09, /* bytes: its key, DER */
    MX_SETTING_POP3_USER     = 0x0b, /* text */
    MX_SETTING_POP3_PASSWORD = 0x0d, /* text: its verifier */
    MX_SETTING_ADDRESS     = 0x10, /* text: 192.0.2.7/24; not there: DHCP */
    MX_SETTING_GATEWAY     = 0x12, /* text */
    MX_SETTING_DNS         = 0x14, /* text */
    MX_SETTING_PUBLIC      = 0x16, /* list: addresses for `identity dns` */
    MX_SETTING_DNSBL       = 0x18, /* text */
    MX_SETTING_TLS_ANYWAY  = 0x1a, /* number, 1 */
    MX_SETTING_REQUIRE_TLS = 0x1d, /* number, 1 */
    MX_SETTING_NTP         = 0x20, /* text: address or name; not there: DHCP's */
    MX_SETTING_WIFI_SSID   = 0x22, /* text */
    MX_SETTING_WIFI_PASSWORD = 0x24, /* text */
    /* Limits and deadlines of struct mx_server_config, numbers: 0x40 ... */
    MX_SETTING_LIMITS      = 0x40,
    /* clang-format on */
};

/* NULL; { NULL, 0 }; none; false: it is not set. */
const char *mx_settings_text(const struct mx_settings *s, enum mx_setting what);
struct mx_span mx_settings_bytes(const struct mx_settings *s,
                                 enum mx_setting what);
struct mx_names mx_settings_names(const struct mx_settings *s,
                                  enum mx_setting what);
bool mx_settings_number(const struct mx_settings *s, enum mx_setting what,
                        uint32_t *n);

/* The name in the MX record, the block list, limits and deadlines that are set;
 * the rest of `cfg` stays. */
void mx_settings_server(const struct mx_settings *s,
                        struct mx_server_config *cfg);

#endif
