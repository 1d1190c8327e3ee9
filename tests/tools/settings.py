# SPDX-License-Identifier: BSD-3-Clause
"""A board's configuration image, read from the words of docs/configuration.md
and not by the code that it is there to check."""
import struct

POLYNOMIAL = 0x82f63b78  # Castagnoli's, reflected
KINDS = {0x01: "text", 0x03: "list", 0x05: "list", 0x07: "bytes",
         0x09: "bytes", 0x0b: "text", 0x0d: "text", 0x10: "text",
         0x12: "text", 0x14: "text", 0x16: "list", 0x18: "text",
         0x1a: "number", 0x1d: "number", 0x20: "text", 0x22: "text",
         0x24: "text"}


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (POLYNOMIAL if crc & 1 else 0)
    return crc ^ 0xffffffff


def value(what, raw):
    kind = "number" if what >= 0x40 else KINDS[what]
    if kind == "number":
        return struct.unpack("<I", raw)[0]
    if kind == "text":
        assert raw.endswith(b"\0") and b"\0" not in raw[:-1], raw
        return raw[:-1].decode()
    if kind == "list":
        assert raw.endswith(b"\0\0"), raw
        return [name.decode() for name in raw[:-2].split(b"\0")]
    return raw


def read(image):
    """(counter, {number: value}) of an image."""
    magic, version, length, counter, crc = struct.unpack_from("<8s4I", image)
    assert (magic, version) == (b"MXCONFIG", 1)
    assert length <= len(image) and length % 4 == 0
    assert crc == crc32c(image[:20] + image[24:length])
    found, at = {}, 24
    while at < length:
        what, size = struct.unpack_from("<2H", image, at)
        assert what > max(found, default=0), "not in order"
        padded = image[at + 4:at + 4 + (size + 3) // 4 * 4]
        assert not any(padded[size:]), "padding that is not zero"
        found[what] = value(what, padded[:size])
        at += 4 + len(padded)
    assert at == length
    return counter, found
