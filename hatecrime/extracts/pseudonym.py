"""The key that turns references into pseudonyms."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from hatecrime.extracts.errors import ExtractError
from hatecrime.settings import data_dir

BLOCK = 64
KEY_BYTES = 32


def key_file() -> Path:
    """Where the key is kept: HATECRIME_KEY_FILE, else data/key, which git never tracks."""
    named = os.environ.get("HATECRIME_KEY_FILE")
    return Path(named) if named else data_dir() / "key"


def read_key() -> bytes:
    """The key, made on first use and readable by its owner alone."""
    path = key_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
            stream.write(secrets.token_bytes(KEY_BYTES))
    except FileExistsError:
        pass
    key = path.read_bytes()
    if len(key) < KEY_BYTES:
        raise ExtractError(
            f"The key in {path} is damaged ({len(key)} bytes). Restore it from your backup; "
            "with a new key, references no longer match those of earlier snapshots."
        )
    return key


def pads(key: bytes) -> dict[str, bytes]:
    """The inner and outer pad of HMAC-SHA256 (RFC 2104), bound to queries/build/pseudonym.sql."""
    short = key if len(key) <= BLOCK else hashlib.sha256(key).digest()
    block = short.ljust(BLOCK, b"\0")
    return {"inner": bytes(b ^ 0x36 for b in block), "outer": bytes(b ^ 0x5C for b in block)}
