"""Everything a browser is sent, taken apart: tables, rows of charts, texts, files and addresses."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
from google.protobuf.message import Message
from playwright.sync_api import Page, Response, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PROGRAM = ("javascript", "text/css", "font/", "image/", "text/html", "wasm")
ARROW = b"\xff\xff\xff\xff"
# Parts of a drawing whose numbers are those of a scale and of no record.
SCALES = ("role-axis", "role-legend")


@dataclass
class Found:
    """One table, whatever it came in: the values of each column."""

    where: str
    columns: dict[str, list[Any]]

    @property
    def cells(self) -> int:
        return sum(len(values) for values in self.columns.values())


@dataclass
class Sent:
    """What was sent to one browser page."""

    frames: int = 0
    bodies: int = 0
    files: int = 0
    pictures: int = 0
    size: int = 0
    starts: int = 0
    runs: int = 0
    tables: list[Found] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Keep what comes in from now on."""
        page.on("websocket", self._socket)
        page.on("response", self._response)

    def read(self, page: Page) -> None:
        """What stands on the page and what it says of its pictures; axes and legends are numbers of no record."""
        self.texts.append(page.evaluate(_TEXT))
        self.texts += page.evaluate(_LABELS)
        self.addresses.append(page.url)

    def file(self, name: str, body: bytes) -> None:
        """A file that was taken away."""
        self.files += 1
        self._count(body)
        if name.endswith(".svg"):
            self._drawing(name, ElementTree.fromstring(body))
        else:
            self._csv(name, body.decode("utf-8-sig"))

    def summary(self) -> str:
        cells = sum(table.cells for table in self.tables)
        return (
            f"{self.frames} frames, {self.bodies} bodies, {self.files} files, {self.pictures} of them pictures, "
            f"{self.size / 1e6:.1f} MB, {len(self.tables)} tables, {cells:,} cells, {len(self.texts):,} texts, "
            f"{len(self.addresses)} addresses, {self.runs} runs"
        )

    def _socket(self, socket: WebSocket) -> None:
        self.addresses.append(socket.url)
        socket.on("framereceived", self._frame)

    def _frame(self, payload: str | bytes) -> None:
        body = payload if isinstance(payload, bytes) else payload.encode()
        self.frames += 1
        self.size += len(body)
        message = ForwardMsg.FromString(body)
        self.starts += message.WhichOneof("type") == "new_session"
        self.runs += message.WhichOneof("type") == "script_finished"
        self._walk(message, "")

    def _response(self, response: Response) -> None:
        self.addresses.append(response.url)
        kind = response.headers.get("content-type", "")
        if response.status >= 300 or any(each in kind for each in PROGRAM):
            return
        try:
            body = response.body()
        except Exception:  # A download or a page that was left has no body to read here; files are read as files.
            return
        self._count(body)
        self.text(response.url, body.decode("utf-8", errors="replace"))

    def _count(self, body: bytes) -> None:
        self.bodies += 1
        self.size += len(body)

    def _walk(self, message: Message, where: str) -> None:
        if message.DESCRIPTOR.name == "Metric":
            # A figure means what stands above it.
            self.texts.append(f"{message.label}\n{message.body}\n{message.delta}")
            return
        for descriptor, value in message.ListFields():
            here = f"{where}/{descriptor.name}"
            repeated = not isinstance(value, str | bytes) and hasattr(value, "__iter__")
            for each in _values(value) if repeated else [value]:
                self._value(each, here)

    def _value(self, value: Any, where: str) -> None:
        if isinstance(value, Message):
            self._walk(value, where)
        elif isinstance(value, bytes) and value:
            self._bytes(value, where)
        elif isinstance(value, str) and value:
            self.text(where, value)

    def _bytes(self, value: bytes, where: str) -> None:
        if not value.startswith(ARROW):
            raise AssertionError(f"{where}: bytes that are no table")
        table = pa.ipc.open_stream(value).read_all()
        self.tables.append(Found(where, {name: table[name].to_pylist() for name in table.column_names}))

    def text(self, where: str, value: str) -> None:
        """A text, which may hold a specification with rows of its own."""
        if value[:1] in "{[":
            try:
                return self._json(json.loads(value), where)
            except ValueError:
                pass
        self.texts.append(value)
        return None

    def _json(self, value: Any, where: str) -> None:
        """Lists of objects are tables; the words of everything else are texts."""
        if isinstance(value, dict):
            for name, each in value.items():
                self._json(each, f"{where}.{name}")
        elif isinstance(value, list):
            rows = [_flat(each) for each in value if isinstance(each, dict)]
            if rows and (where.endswith((".data.values", ".features")) or ".datasets." in where):
                self.tables.append(Found(where, _columns(rows)))
            else:
                for each in value:
                    self._json(each, where)
        elif isinstance(value, str):
            self.texts.append(value)

    def _drawing(self, name: str, root: ElementTree.Element) -> None:
        """What a drawing says of itself and of its marks; the figures written into a chart are cells like any other."""
        self.pictures += 1
        self.texts += [label for each in root.iter() if (label := each.get("aria-label"))]
        self.texts += [each.text or "" for each in root if _tag(each) in ("title", "desc")]
        # A sentence that is broken into lines is read as one.
        self.texts.append(" ".join(each.text or "" for each in root if _tag(each) == "text"))
        figures = [text for chart in root if _tag(chart) == "g" for text in _written(chart)]
        self.tables.append(Found(name, {"drawn": figures}))

    def _csv(self, name: str, body: str) -> None:
        """Rows first, then an empty line and a footer."""
        rows, _gap, footer = body.partition("\n\n")
        self.tables.append(Found(name, _columns(list(csv.DictReader(io.StringIO(rows))))))
        self.texts.append(footer)


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _written(part: ElementTree.Element) -> Iterator[str]:
    """The texts in a chart, but for its axes and legends."""
    if any(scale in part.get("class", "") for scale in SCALES):
        return
    if _tag(part) == "text":
        yield "".join(part.itertext())
    for each in part:
        yield from _written(each)


def _values(value: Any) -> Iterator[Any]:
    return iter(value.values() if hasattr(value, "values") else value)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row, or the properties of a feature; outlines are geography and hold no record."""
    return {"id": row.get("id"), **row.get("properties", {})} if row.get("type") == "Feature" else row


def _columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


_TEXT = """() => {
    const copy = document.body.cloneNode(true);
    copy.querySelectorAll('svg, script, style, canvas').forEach((each) => each.remove());
    document.querySelectorAll('input').forEach((each) => copy.append('\\n' + each.value));
    const blocks = 'p, li, div, h1, h2, h3, label, button, option, td, th, tr';
    copy.querySelectorAll(blocks).forEach((each) => each.append('\\n'));
    return copy.textContent.replace(/\\n+/g, '\\n');
}"""
_LABELS = """() => [...document.querySelectorAll('[aria-label]')]
    .map((each) => each.getAttribute('aria-label'))
    .filter((label) => !/axis|legend|Title text/i.test(label))"""
