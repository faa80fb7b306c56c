"""Bech32 (BIP 173) as age uses it for keys, without the standard's limit of 90 characters."""

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode_bech32(prefix: str, data: bytes) -> str:
    """Return `data` under `prefix` with its checksum, in lower case."""
    padded = int.from_bytes(data, "big") << (-len(data) * 8 % 5)
    count = -(-len(data) * 8 // 5)
    values = [padded >> (5 * index) & 31 for index in reversed(range(count))]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    polymod = _polymod([*expanded, *values, *[0] * 6]) ^ 1
    checksum = [polymod >> (5 * (5 - index)) & 31 for index in range(6)]
    return prefix + "1" + "".join(_CHARSET[value] for value in values + checksum)


def decode_bech32(key: str) -> bytes:
    """Return the bytes of a key that age has parsed; the checksum is not verified again."""
    letters = key.lower().rpartition("1")[2][:-6]
    bits = 0
    for letter in letters:
        bits = bits << 5 | _CHARSET.index(letter)
    return (bits >> len(letters) * 5 % 8).to_bytes(len(letters) * 5 // 8, "big")


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for index, generator in enumerate(_GENERATOR):
            check ^= generator if top >> index & 1 else 0
    return check
