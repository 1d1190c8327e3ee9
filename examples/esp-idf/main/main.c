/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An appliance that receives mail: it counts the lines of each message that was
 * accepted, says its subject, and keeps nothing.
 *
 * The sink is the appliance's own. What it does between open() and commit() is
 * provisional; commit() is where it acts. All of it runs in the server's task.
 */
#include "tinymx/err.h"
#include "tinymx/idf.h"
#include "tinymx/peek.h"
#include "tinymx/port.h"
#include "tinymx/server.h"
#include "tinymx/task.h"

#include "esp_event.h"
#include "esp_log.h"
#include "esp_netif.h"
#include "nvs_flash.h"
#include "protocol_examples_common.h"
#include "sdkconfig.h"

#include <string.h>

#define TAG "example"
#define MX_NAME "mx.example.test"

#ifdef CONFIG_EXAMPLE_CONNECT_WIFI
#define RADIO true
#else
#define RADIO false
#endif

/* --- a sink: the subject of each message, and its lines ----------------- */

struct message {
    bool used;
    unsigned lines;
    struct mx_peek peek;
    char subject[MX_PEEK_MAX + 1];
};

struct counter {
    struct mx_sink sink; /* first: what the server holds is this */
    struct message msg[MX_SESSIONS];
};

static struct message *message_of(struct mx_sink *sink, int msg)
{
    return &((struct counter *)sink)->msg[msg];
}

static void on_field(void *ctx, enum mx_peek_field field, const char *value,
                     bool cut)
{
    struct message *m = ctx;

    (void)cut;
    if (field == MX_PEEK_SUBJECT) {
        strcpy(m->subject, value); /* at most MX_PEEK_MAX bytes */
    }
}

static int counter_open(struct mx_sink *sink, const struct mx_envelope *env)
{
    (void)env;
    for (int i = 0; i < MX_SESSIONS; i++) {
        struct message *m = message_of(sink, i);

        if (!m->used) {
            *m = (struct message){.used = true};
            mx_peek_init(&m->peek, on_field, m);
            return i;
        }
    }
    return MX_EAGAIN; /* cannot be: a session has one message open at most */
}

static int counter_rcpt(struct mx_sink *sink, int msg,
                        const struct mx_path *path)
{
    (void)sink;
    (void)msg;
    (void)path;
    return 0;
}

static int counter_write(struct mx_sink *sink, int msg, const void *data,
                         size_t len)
{
    struct message *m = message_of(sink, msg);
    const char *p = data;

    mx_peek_push(&m->peek, data, len);
    for (size_t i = 0; i < len; i++) {
        m->lines += p[i] == '\n';
    }
    return (int)len;
}

static int counter_commit(struct mx_sink *sink, int msg)
{
    struct message *m = message_of(sink, msg);

    mx_peek_end(&m->peek);
    ESP_LOGI(TAG, "%u lines: %s", m->lines, m->subject);
    m->used = false;
    return 0;
}

static void counter_abort(struct mx_sink *sink, int msg)
{
    message_of(sink, msg)->used = false;
}

/* --- the server, in its task -------------------------------------------- */

static struct counter counter = {
    .sink = {counter_open, counter_rcpt, counter_write, counter_commit,
             counter_abort},
};
static struct mx_server server;
static struct mx_table table;
static struct mx_identity identity;

/* A key and a self-signed certificate for as long as the power is on. One that
 * stays would load what it had stored: senders may have pinned it by DANE. */
static int make_identity(void)
{
    static char cert[MX_IDENTITY_CERT_MAX];
    static char key[MX_IDENTITY_KEY_MAX];
    int err = mx_tls_arena_init();

    if (err == 0) {
        err = mx_identity_make(MX_NAME, mx_port_time_s(), cert, key);
    }
    if (err == 0) {
        err = mx_identity_load(&identity, cert, strlen(cert), key, strlen(key),
                               NULL);
    }
    return err;
}

static int start(void *ctx)
{
    static const char *const rcpts[] = {"*@example.test", NULL};
    const struct mx_server_config config = {
        .mx_name = MX_NAME,
        .sink = &counter.sink,
        .policy = &table.policy,
        .identity = &identity,
    };
    int err;

    (void)ctx;
    mx_idf_memory();
    err = make_identity();
    mx_table_init(&table, NULL, rcpts);
    return err == 0 ? mx_server_init(&server, &config) : err;
}

static uint32_t poll(void *ctx)
{
    (void)ctx;
    return mx_server_poll(&server);
}

void app_main(void)
{
    const struct mx_task_config task = {.start = start, .poll = poll};
    int err;

    ESP_ERROR_CHECK(nvs_flash_init());
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    ESP_ERROR_CHECK(example_connect());
    mx_idf_entropy(RADIO);
    err = mx_task_start(&task);
    ESP_LOGI(TAG, "%s", err == 0 ? "taking mail" : mx_strerror(err));
}
