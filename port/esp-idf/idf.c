/* SPDX-License-Identifier: BSD-3-Clause */
/* The whole device, in the server's task. */
#include "tinymx/idf.h"

#include "console.h"
#include "device.h"
#include "fit.h"
#include "heap.h"
#include "menu.h"
#include "os.h"
#include "setup.h"

#include "tinymx/err.h"
#include "tinymx/task.h"
#include "util/log.h"

/* Even with nothing to do it goes round, for the watchdog. */
#define IDLE_MS 1000

/* What is to be done at once still leaves the idle task its turn. */
#define SOON_MS 1

static struct mx_idf_config cfg;
static struct device device;
static int state; /* 0: it serves; or why it does not */

static const struct setup *setup(void)
{
    static struct setup found;
    static bool looked;

    if (!looked) {
        looked = true;
        setup_open(&found);
    }
    return &found;
}

static void say_finding(const struct fit_finding *f)
{
    bool grave = f->level == FIT_FAIL;

    log_begin(grave ? MX_LOG_ERROR : MX_LOG_WARN, "sdkconfig", 0);
    log_text("what", f->what);
    log_u32("have", f->have);
    log_u32("want", f->want);
    log_end();
}

void mx_idf_memory(void)
{
    struct fit_facts facts;

    os_facts(&facts);
    os_server();
    heap_limits(facts.reserve, fit_tls_session(&facts));
}

/* 0, or MX_EINVAL: with this sdkconfig no server starts. */
static int check_fit(void)
{
    struct fit_facts facts;
    struct fit_finding finding;
    int rc = 0;

    os_facts(&facts);
    for (size_t n = 0; fit_check(&facts, n, &finding); n++) {
        say_finding(&finding);
        rc = finding.level == FIT_FAIL ? MX_EINVAL : rc;
    }
    return rc;
}

/* A device that does not know the time takes mail all the same. */
static int start_time(const struct mx_settings *settings)
{
    const char *server = mx_settings_text(settings, MX_SETTING_NTP);
    int rc = os_time_start(server);

    if (rc != 0) {
        log_begin(MX_LOG_WARN, "time", 0);
        log_text("error", mx_strerror(rc));
        log_text("do", rc == MX_ENOTSUP
                           ? "name a time server (ntp), or have DHCP asked "
                             "for one: CONFIG_LWIP_DHCP_GET_NTP_SRV=y"
                           : "start again: nobody is asked for the time");
        log_end();
    }
    return 0;
}

static void say_hello(void)
{
    log_begin(MX_LOG_INFO, "boot", 0);
    log_str("version", TINYMX_VERSION);
    log_text("reset", os_reset_cause());
    log_end();
}

/* From the first round on: a task that does not go round must not be watched. */
static void start_watch(void)
{
    if (os_watch() != 0) {
        log_begin(MX_LOG_WARN, "watchdog", 0);
        log_text("state", "none: CONFIG_ESP_TASK_WDT_INIT=y has one");
        log_end();
    }
}

static int start_server(void)
{
    const struct mx_settings *settings = setup()->settings;
    int rc = check_fit();

    if (rc == 0 && settings == NULL) {
        rc = MX_EINVAL;
    }
    return rc == 0 ? device_start(&device, settings, start_time) : rc;
}

static void start_console(void)
{
    int rc = console_start(&device, setup()->settings, cfg.status);

    if (rc != 0) {
        log_begin(MX_LOG_WARN, "console", 0);
        log_text("error", mx_strerror(rc));
        log_end();
    }
}

/* A device that does not serve has its console all the same. */
static int start(void *ctx)
{
    (void)ctx;
    mx_idf_memory();
    say_hello();
    state = start_server();
    if (cfg.console) {
        start_console();
    }
    if (state == 0) {
        log_event(MX_LOG_INFO, "ready", 0);
    }
    if (state != 0 && !cfg.console) {
        return state;
    }
    start_watch();
    return 0;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t poll(void *ctx)
{
    uint32_t ms = IDLE_MS;

    (void)ctx;
    os_feed();
    if (cfg.console) {
        ms = least(console_poll(), ms);
    }
    if (state == 0) {
        ms = least(device_poll(&device), ms);
    }
    return ms > SOON_MS ? ms : SOON_MS;
}

const struct mx_settings *mx_idf_settings(void)
{
    return setup()->menu ? NULL : setup()->settings;
}

int mx_idf_start(const struct mx_idf_config *config)
{
    struct mx_task_config task = {
        .start = start, .poll = poll, .idle_ms = IDLE_MS};
    struct menu menu;
    int rc;

    os_menu(&menu);
    task.stack = menu.task_stack;
    task.priority = menu.task_priority;
    cfg = *config;
    mx_idf_entropy(cfg.radio);
    rc = mx_task_start(&task);
    return rc == 0 ? state : rc;
}
