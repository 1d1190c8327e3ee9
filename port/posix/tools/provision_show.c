/* SPDX-License-Identifier: BSD-3-Clause */
/* What a device reads out of an image, as the file that it was made of; neither
 * the private key, nor what the password has to fit, nor that of the Wi-Fi. */
#include "provision.h"

#include "tinymx/err.h"
#include "tinymx/identity.h"
#include "why.h"

#include <stdio.h>

static void show_identity(const struct mx_settings *s)
{
    struct mx_span cert = mx_settings_bytes(s, MX_SETTING_CERT);
    struct mx_span key = mx_settings_bytes(s, MX_SETTING_KEY);
    struct mx_identity_facts facts = {.key_type = ""};
    struct mx_identity id;

    if (cert.ptr == NULL) {
        return;
    }
    if (key.ptr == NULL) {
        printf("cert: %zu bytes, for the device's own key\n", cert.len);
        return;
    }
    if (mx_identity_load(&id, cert.ptr, cert.len, key.ptr, key.len, NULL) !=
            0 ||
        mx_identity_describe(&id, &facts) != 0) {
        puts("cert, key: not an identity that this program can load");
        return;
    }
    printf("cert: %zu bytes, %u in the chain, for %s, by %s\n", cert.len,
           facts.chain_len, facts.name, facts.issuer);
    printf("key: %s, given\n", facts.key_type);
    mx_identity_free(&id);
}

static void show_list(const struct mx_settings *s,
                      const struct provision_row *row)
{
    struct mx_names names = mx_settings_names(s, (enum mx_setting)row->what);
    const char *name;
    size_t at = 0;

    while ((name = mx_names_next(&names, &at)) != NULL) {
        printf("%s = %s\n", row->name, name);
    }
}

static void show_row(const struct mx_settings *s,
                     const struct provision_row *row)
{
    enum mx_setting what = (enum mx_setting)row->what;
    enum option_kind kind = options_find(row->name)->kind;
    const char *text;
    uint32_t n;

    if (kind == KIND_LIST) {
        show_list(s, row);
    } else if (kind == KIND_TEXT) {
        text = mx_settings_text(s, what);
        if (text != NULL) {
            printf("%s%s%s\n", row->name, row->secret ? ": " : " = ",
                   row->secret ? "given" : text);
        }
    } else if (mx_settings_number(s, what, &n) && kind == KIND_FLAG) {
        printf("%s = %s\n", row->name, n != 0 ? "yes" : "no");
    } else if (mx_settings_number(s, what, &n)) {
        printf("%s = %lu\n", row->name, (unsigned long)n);
    }
}

int provision_show(const void *image, size_t len, char *why)
{
    const char *reason = "";
    struct mx_settings s;
    int rc = mx_settings_open(&s, image, len, &reason);

    if (rc != 0) {
        return why_set(why, rc, "%s", reason);
    }
    printf("# version 1, counter %lu, %zu bytes\n", (unsigned long)s.counter,
           s.len + 24);
    for (size_t i = 0; i < provision_rows_count; i++) {
        const struct provision_row *row = &provision_rows[i];

        if (row->what == MX_SETTING_CERT) {
            show_identity(&s);
        } else if (row->what != MX_SETTING_KEY) {
            show_row(&s, row);
        }
    }
    return 0;
}
