/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of driver/usb_serial_jtag_vfs.h, as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_DRIVER_USB_SERIAL_JTAG_VFS_H
#define TINYMX_DECLARED_DRIVER_USB_SERIAL_JTAG_VFS_H

void usb_serial_jtag_vfs_use_driver(void);

#endif
