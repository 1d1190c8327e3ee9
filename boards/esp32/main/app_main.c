/* SPDX-License-Identifier: BSD-3-Clause */
/* The program of a board with an ESP32: a network, and tinymx on it. */
#include "link.h"

#include "tinymx/err.h"
#include "tinymx/idf.h"

#include "esp_event.h"
#include "esp_log.h"
#include "esp_netif.h"
#include "esp_ota_ops.h"
#include "nvs_flash.h"
#include "sdkconfig.h"

#define TAG "main"

#ifdef CONFIG_TINYMX_CONSOLE
#define CONSOLE true
#else
#define CONSOLE false
#endif

/* It is not erased to make it good: the device's key is in it. */
static bool open_nvs(void)
{
    esp_err_t err = nvs_flash_init();

    if (err != ESP_OK) {
        ESP_LOGE(TAG,
                 "nvs: %s. Something else is in it, or a newer version wrote "
                 "it. To begin anew, without the key that it may have: "
                 "parttool.py erase_partition --partition-name nvs",
                 esp_err_to_name(err));
    }
    return err == ESP_OK;
}

/* An update is kept when it serves; until then a restart takes it back. */
static void keep_program(void)
{
    esp_err_t err = esp_ota_mark_app_valid_cancel_rollback();

    if (err != ESP_OK) {
        ESP_LOGW(TAG, "this program is not kept: %s", esp_err_to_name(err));
    }
}

void app_main(void)
{
    const struct mx_idf_config config = {
        .console = CONSOLE, .radio = link_radio, .status = link_status};
    int rc;

    if (!open_nvs()) {
        return;
    }
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    link_start(mx_idf_settings());
    rc = mx_idf_start(&config);
    if (rc == 0) {
        keep_program();
    } else {
        ESP_LOGE(TAG, "no mail is taken: %s", mx_strerror(rc));
    }
}
