"""The secret of a deployment: it makes pseudonyms, and chooses what is withheld beside small counts."""

import os
import secrets
from pathlib import Path

from hatecrime.settings import SettingsError, data_dir

KEY_BYTES = 32


def key_file() -> Path:
    """Where the key is kept: HATECRIME_KEY_FILE, else data/key, which git never tracks."""
    named = os.environ.get("HATECRIME_KEY_FILE")
    return Path(named) if named else data_dir() / "key"


def read_key() -> bytes:
    """The key, made on first use and readable by its owner alone. Raises SettingsError where it is damaged."""
    path = key_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
            stream.write(secrets.token_bytes(KEY_BYTES))
    except FileExistsError:
        pass
    key = path.read_bytes()
    if len(key) < KEY_BYTES:
        raise SettingsError(
            f"The key in {path} is damaged ({len(key)} bytes). Restore it from your backup; "
            "with a new key, references no longer match those of earlier snapshots."
        )
    return key
