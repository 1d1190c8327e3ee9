/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of driver/uart_vfs.h, as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_DRIVER_UART_VFS_H
#define TINYMX_DECLARED_DRIVER_UART_VFS_H

void uart_vfs_dev_use_driver(int uart_num);

#endif
