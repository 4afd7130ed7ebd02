"""A JPEG stream of more than 8 bits, which no encoder here can write."""

import struct


def single_block(dc: int, precision: int) -> bytes:
    """Make a JPEG of one 8 × 8 block whose every sample is ``2 ** (precision - 1) + 2 * dc``."""

    def segment(marker: int, body: bytes) -> bytes:
        return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body

    category = abs(dc).bit_length()
    value = dc if dc > 0 else dc + (1 << category) - 1
    bits = format(category, "04b") + (format(value, f"0{category}b") if category else "") + "0"
    bits += "1" * (-len(bits) % 8)
    scan = bytes(int(bits[k : k + 8], 2) for k in range(0, len(bits), 8)).replace(b"\xff", b"\xff\x00")
    return b"".join(
        [
            b"\xff\xd8",
            segment(0xDB, bytes([0]) + bytes([16] * 64)),
            segment(0xC1, struct.pack(">BHHB", precision, 8, 8, 1) + bytes([1, 0x11, 0])),
            segment(0xC4, bytes([0x00, 0, 0, 0, 15, *[0] * 12, *range(15)])),
            segment(0xC4, bytes([0x10, 1, *[0] * 15, 0])),
            segment(0xDA, bytes([1, 1, 0, 0, 63, 0])),
            scan,
            b"\xff\xd9",
        ]
    )
