"""A file on its way in: where it lies for now, how it is read so far, and what a trial run says of it."""

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from tomllib import TOMLDecodeError
from typing import BinaryIO

from hatecrime.extracts import inbox
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.inbox import Known, Sent
from hatecrime.extracts.propose import Proposal, propose
from hatecrime.extracts.report import ExtractReport
from hatecrime.i18n import _
from hatecrime.settings import default_extracts, default_store
from hatecrime.ui.upload_text import Labels, labels, said

PREFIX = "hatecrime-upload-"
# Nobody looks at one file for longer than a day.
LEFT_FOR = 24 * 60 * 60


@dataclass
class Upload:
    """One visitor's file. Its folder goes with it: nothing of it stays that was not loaded."""

    file_id: str
    folder: TemporaryDirectory[str]
    path: Path
    proposal: Proposal | None = None
    # Mappings that fit its header: those that were used before, then those that come with the dashboard.
    known: tuple[Known, ...] = ()
    # The one that is used, or None for the one that is proposed.
    used: Known | None = None
    text: str = ""
    received: date | None = None
    complete: tuple[date, date] | None = None
    reports: tuple[ExtractReport, ...] = ()
    fault: str = ""
    # Counts the readings, so that no control keeps what was chosen for another one.
    turn: int = 0
    checked: tuple[object, ...] = ()
    labels: Labels = field(default_factory=Labels)

    def read_as(self, used: Known | None) -> None:
        """Start over with a mapping that fits, or with the proposed one."""
        self.used = used
        self._start(used.text if used else self.proposal.text if self.proposal else "")

    def propose_for(self, table: str) -> None:
        """Start over with a proposal for another table."""

        def again() -> None:
            self.proposal = propose(self.path, table)
            self.read_as(None)

        self.fault = in_words(again)

    def try_out(self) -> None:
        """See what a build would make of the file as it is read now; nothing is kept."""

        def trial() -> None:
            self.reports = tuple(inbox.preview(self.sent(), default_extracts(), default_store()).extracts)

        self.reports = ()
        self.fault = in_words(trial)
        self.checked = self._state()
        self.labels = labels(self.text, None if self.used else self.proposal, self.reports)

    @property
    def table(self) -> str:
        """What one row of the file is."""
        return self.used.mapping.table if self.used else self.proposal.table if self.proposal else ""

    @property
    def is_checked(self) -> bool:
        """Whether the trial run was of the file as it is read now."""
        return self.checked == self._state()

    @property
    def kept(self) -> int:
        """How many records a build would keep."""
        return sum(report.kept for report in self.reports)

    def forget(self) -> None:
        """Remove what was put aside; what was loaded lies among the extracts."""
        self.folder.cleanup()

    def sent(self, made_up: bool = False) -> Sent:
        """The file as it goes into the listing."""
        known_as = self.used.name if self.used and self.used.text == self.text else None
        return Sent(self.path, self.path.name, self.text, known_as, self.received, self.complete, made_up)

    def _start(self, text: str) -> None:
        try:
            said(text)
        except TOMLDecodeError as error:
            sentence = _("{name} holds signs that no table of words has. Is it a table?")
            raise ExtractError(sentence.format(name=self.path.name)) from error
        self.text = text
        self.turn += 1
        self.try_out()

    def _state(self) -> tuple[object, ...]:
        return self.text, self.received, self.complete


def take(file_id: str, name: str, content: BinaryIO) -> Upload:
    """Put a file aside and find out how it can be read."""
    _sweep()
    folder = TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
    upload = Upload(file_id, folder, Path(folder.name) / inbox.plain_name(name))

    def look() -> None:
        with upload.path.open("wb") as place:
            shutil.copyfileobj(content, place)
        upload.proposal = propose(upload.path)
        header = tuple(column.source for column in upload.proposal.columns)
        upload.known = inbox.fitting(header, upload.proposal.fits, default_extracts())
        upload.received = date.today()
        upload.read_as(upload.known[0] if upload.known else None)

    fault = in_words(look)
    upload.fault = upload.fault or fault
    return upload


def _sweep() -> None:
    """Remove what servers that were killed have left behind."""
    before = time.time() - LEFT_FOR
    for left in Path(gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if left.stat().st_mtime < before:
                shutil.rmtree(left)


def load(upload: Upload, alone: bool, made_up: bool, progress: Callable[[float, str], None]) -> str:
    """Keep the file and build; gives what went wrong, or an empty text."""

    def build() -> None:
        sent = upload.sent(made_up)
        upload.reports = tuple(inbox.add(sent, default_extracts(), default_store(), alone, progress).extracts)

    return in_words(build)


def in_words(action: Callable[[], None]) -> str:
    """Do something; what went wrong is said in a sentence, whatever it was."""
    try:
        action()
    except ExtractError as error:
        return str(error)
    except Exception as error:  # A visitor reads a sentence and not a traceback.
        return _("This was not foreseen: {error}. Everything is as it was before.").format(error=error)
    return ""
