/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a device keeps things: what a board, or a port, supplies. */
#ifndef TINYMX_DEVICE_PLACES_H
#define TINYMX_DEVICE_PLACES_H

struct mx_block;

/* Opens what keeps the mail, for instance an SD card. 0 and *dev; or MX_EIO,
 * MX_ENOTSUP. Takes a second at most. */
int board_store(struct mx_block **dev);

/* Where the device's identity is kept. 0 and *dev, all of which is for it;
 * MX_ENOTSUP: it has the last blocks of what keeps the mail. */
int board_identity(struct mx_block **dev);

#endif
