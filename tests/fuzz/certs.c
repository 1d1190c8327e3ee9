/* SPDX-License-Identifier: BSD-3-Clause */
#include "certs.h"

/* clang-format off */
const struct cert certs[CERTS] = {
    [CERT_GOOD] = {
        .cert =
            "-----BEGIN CERTIFICATE-----\n"
            "MIIBTzCB9qADAgECAgEBMAoGCCqGSM49BAMCMBgxFjAUBgNVBAMMDXJlbGF5LmV4\n"
            "YW1wbGUwIBcNMjUwMTAxMDAwMDAwWhgPOTk5OTEyMzEyMzU5NTlaMBgxFjAUBgNV\n"
            "BAMMDXJlbGF5LmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ9iAyK\n"
            "70gsXBQ1fdF8ePn6RL79fl3tphlInQlAElBusf7jHKqiJVL+ga0ineQ16DGkO4dI\n"
            "ijDJ77CgTDIjc6m+oy8wLTAMBgNVHRMBAf8EAjAAMB0GA1UdDgQWBBQYoK45GLoF\n"
            "cjAzNpmIuN/C4WFnWDAKBggqhkjOPQQDAgNIADBFAiBZQFM79eitBsW+OkT1HEM/\n"
            "aotrEKP8cYXsfq7G3O6BlgIhAO3B0/LwWYHgla8EjqEFMFeair+4JlMfyQ3kSxK2\n"
            "KE2m\n"
            "-----END CERTIFICATE-----\n",
        .key =
            "-----BEGIN EC PRIVATE KEY-----\n"
            "MHcCAQEEICop63Qrl9tXPXBn0htTFP4cnI5Z4H3VBFZOd8x/taLzoAoGCCqGSM49\n"
            "AwEHoUQDQgAEPYgMiu9ILFwUNX3RfHj5+kS+/X5d7aYZSJ0JQBJQbrH+4xyqoiVS\n"
            "/oGtIp3kNegxpDuHSIowye+woEwyI3Opvg==\n"
            "-----END EC PRIVATE KEY-----\n",
    },
    [CERT_BAD] = {
        .cert =
            "-----BEGIN CERTIFICATE-----\n"
            "MIIBTzCB9qADAgECAgECMAoGCCqGSM49BAMCMBgxFjAUBgNVBAMMDXJlbGF5LmV4\n"
            "YW1wbGUwIBcNMjUwMTAxMDAwMDAwWhgPOTk5OTEyMzEyMzU5NTlaMBgxFjAUBgNV\n"
            "BAMMDXJlbGF5LmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATnMGv5\n"
            "NoZ6OoDIDya1CkkGbQwWce8TzjIwjFgUL6H4R9Z3ZQLBrAin8T00z01nUlOdwvS4\n"
            "txQpg1JIL1Sof6/Zoy8wLTAMBgNVHRMBAf8EAjAAMB0GA1UdDgQWBBSEPNUvMLm+\n"
            "gva9wq1ihPf2g3Mq5zAKBggqhkjOPQQDAgNIADBFAiASky2ddWZGERaJhfh/ykko\n"
            "LBXrYWJrhALWueXJVkInnwIhAOOkniAq64hg9dkNsvMFDGglG3R1O0NGcsaywA+8\n"
            "YDtn\n"
            "-----END CERTIFICATE-----\n",
        .key =
            "-----BEGIN EC PRIVATE KEY-----\n"
            "MHcCAQEEIO3OVffDLc5yPeT5g+FNI7SHbqITfVW45rUAeDKI/zPDoAoGCCqGSM49\n"
            "AwEHoUQDQgAE5zBr+TaGejqAyA8mtQpJBm0MFnHvE84yMIxYFC+h+EfWd2UCwawI\n"
            "p/E9NM9NZ1JTncL0uLcUKYNSSC9UqH+v2Q==\n"
            "-----END EC PRIVATE KEY-----\n",
    },
};
/* clang-format on */
