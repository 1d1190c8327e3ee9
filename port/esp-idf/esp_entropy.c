/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Randomness. The chip's generator gives what keys may be made of only while
 * noise is mixed into it: of the radio, while Wi-Fi or Bluetooth is on; or of the
 * ADC, which the bootloader switches on for its own time. A board with neither
 * radio nor that has numbers that look random and are not.
 *
 * So where no radio is on the ADC is switched on, and stays so: mbedTLS 4 asks
 * the generator for every number, not for a seed alone. Nobody else can use the
 * ADC then, nor, on an ESP32, I2S.
 */
#include "os.h"

#include "tinymx/err.h"
#include "tinymx/idf.h"
#include "tinymx/port.h"

#include "bootloader_random.h"
#include "esp_random.h"

static enum os_noise noise;

void mx_idf_entropy(bool radio)
{
    if (radio && noise == OS_NOISE_ADC) {
        bootloader_random_disable();
    }
    if (!radio && noise != OS_NOISE_ADC) {
        bootloader_random_enable();
    }
    noise = radio ? OS_NOISE_RADIO : OS_NOISE_ADC;
}

enum os_noise os_noise(void)
{
    return noise;
}

int mx_port_entropy(void *buf, size_t len)
{
    if (noise == OS_NOISE_NONE) {
        return MX_EENTROPY;
    }
    esp_fill_random(buf, len);
    return 0;
}
