"""What people write: the access log, append-only and chained by hashes, and decisions about places."""

from hatecrime.register.chain import Entry, Verdict
from hatecrime.register.errors import RegisterError
from hatecrime.register.log import EVENTS, Register, open_register

__all__ = ["EVENTS", "Entry", "Register", "RegisterError", "Verdict", "open_register"]
