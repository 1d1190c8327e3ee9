# SPDX-License-Identifier: BSD-3-Clause
"""What of memory an image takes, as its program headers say."""
import struct

# Of a Cortex-M; flash is below, and behind it memory that keeps mail.
RAM = range(0x20000000, 0x21000000)


def segments(image):
    """(address, load address, bytes in the file, bytes) of what is loaded."""
    raw = image.read_bytes()
    at, size, count = (*struct.unpack_from("<I", raw, 28),
                       *struct.unpack_from("<2H", raw, 42))
    for number in range(count):
        kind, _, address, load, filed, memory = struct.unpack_from(
            "<6I", raw, at + number * size)
        if kind == 1:
            yield address, load, filed, memory


def ram(image):
    """The first address of RAM that the linker has given out, and the first
    behind all of it."""
    found = [(address, address + memory)
             for address, _, _, memory in segments(image) if address in RAM]
    return min(found)[0], max(end for _, end in found)
