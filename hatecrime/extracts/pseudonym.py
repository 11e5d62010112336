"""What turns references into pseudonyms."""

from __future__ import annotations

import hashlib

from hatecrime import key
from hatecrime.extracts.errors import ExtractError
from hatecrime.settings import SettingsError

BLOCK = 64


def read_key() -> bytes:
    """The key of the deployment. Raises ExtractError where it is damaged."""
    try:
        return key.read_key()
    except SettingsError as error:
        raise ExtractError(str(error)) from None


def pads(secret: bytes) -> dict[str, bytes]:
    """The inner and outer pad of HMAC-SHA256 (RFC 2104), bound to queries/build/pseudonym.sql."""
    short = secret if len(secret) <= BLOCK else hashlib.sha256(secret).digest()
    block = short.ljust(BLOCK, b"\0")
    return {"inner": bytes(b ^ 0x36 for b in block), "outer": bytes(b ^ 0x5C for b in block)}
