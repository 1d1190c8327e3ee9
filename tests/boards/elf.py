# SPDX-License-Identifier: BSD-3-Clause
"""What of memory an image takes, as its program headers say."""
import struct

# Of a Cortex-M; flash is below, and behind it memory that keeps mail.
RAM = range(0x20000000, 0x21000000)


def headers(raw):
    """What is loaded: (where in the file, address, load address, bytes there,
    bytes)."""
    at, size, count = (*struct.unpack_from("<I", raw, 28),
                       *struct.unpack_from("<2H", raw, 42))
    for number in range(count):
        kind, *header = struct.unpack_from("<6I", raw, at + number * size)
        if kind == 1:
            yield header


def segments(image):
    """(address, load address, bytes in the file, bytes) of what is loaded."""
    for _, address, load, filed, memory in headers(image.read_bytes()):
        yield address, load, filed, memory


def contents(image):
    """(load address, bytes) of what is in the file."""
    raw = image.read_bytes()
    for where, _, load, filed, _ in headers(raw):
        yield load, raw[where:where + filed]


def ram(image):
    """The first address of RAM that the linker has given out, and the first
    behind all of it."""
    found = [(address, address + memory)
             for address, _, _, memory in segments(image) if address in RAM]
    return min(found)[0], max(end for _, end in found)
