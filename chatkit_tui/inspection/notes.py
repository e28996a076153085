"""Bookmarks and notes on threads, in a private file beside `state.json`; they are never sent.

Each line is a JSON object with the source, the thread, and a `bookmark` or a `note`. The last line
of each counts. All other lines are kept: they may be damaged, or of a later version. Notes on
deleted threads are kept, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from chatkit_tui.errors import NoteChangedError, NotesError
from chatkit_tui.secrets import redact, redact_json
from chatkit_tui.storage.private_file import (
    append_lines,
    check_file,
    locked,
    parse_line,
    platform_folder,
    read_bounded,
    replace_file,
)
from chatkit_tui.text.plain import counted

MAX_LENGTH: Final = 2_000
"""Characters of a note."""
MAX_THREADS: Final = 10_000
"""Threads of all sources that have a bookmark or a note."""
MAX_SIZE: Final = 64 * 1024 * 1024
"""Bytes; a larger file is neither read nor written."""
COMPACT_SIZE: Final = 512 * 1024
"""Bytes from which a file is compacted as soon as half of its lines no longer count."""

_Field: TypeAlias = Literal["bookmark", "note"]
_TYPES: Final[Mapping[_Field, type]] = {"bookmark": bool, "note": str}
_Row: TypeAlias = Mapping[str, Any]
_Stamp: TypeAlias = tuple[int, int, int]


class Note(NamedTuple):
    """What is known of a thread on this machine."""

    text: str = ""
    """Untrusted until drawn, since others may have written the file."""
    is_bookmarked: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is neither a bookmark nor a text."""
        return not (self.is_bookmarked or self.text)


NO_NOTE: Final = Note()


class NoteStore:
    """The bookmarks and notes of one source. Several programs may write the file at once.

    The file is read by `load` and by every change; `of` and `all` return what was read last.
    """

    def __init__(self, source: str, path: Path | None = None, *, lasting: bool = True) -> None:
        """`source` is the host of the API, or the name of an archive.

        `path` is the file, by default in the platform's state folder. `lasting` is false to use no
        file, as in a demonstration.
        """
        self.path = path or platform_folder("state") / "notes.jsonl"
        self._source = source
        self.is_lasting = lasting
        self._notes: dict[str, Note] = {}
        self._stamp: _Stamp | None = None

    def of(self, thread_id: str) -> Note:
        """Return the bookmark and the note of a thread; it costs no access to the file."""
        return self._notes.get(thread_id, NO_NOTE)

    def all(self) -> Mapping[str, Note]:
        """Return what is not empty, by thread id, in the order of its first line."""
        return self._notes

    def has_changed(self) -> bool:
        """Return whether the file has changed since it was read; this costs one `stat`."""
        return self.is_lasting and self._stamp != self._stamp_now()

    def load(self) -> None:
        """Read the file. Raise `NotesError`."""
        if not self.is_lasting:
            return
        self._stamp = self._stamp_now()
        try:
            self._notes = _merged(map(parse_line, self._read()), self._source)
        except OSError as error:
            raise self._error("read", error) from error

    def bookmark(self, thread_id: str, *, is_bookmarked: bool) -> None:
        """Set or remove a bookmark. Raise `NotesError`; nothing has changed then."""
        self._write(thread_id, "bookmark", is_bookmarked)

    def write(self, thread_id: str, text: str, *, before: str | None = None) -> None:
        """Replace a note; an empty text removes it. Secrets of this program are redacted.

        `before` is the text that the user saw. Raise `NoteChangedError` if the note is another one
        by now, and `NotesError` if it is too long or cannot be written. Nothing has changed then.
        """
        text = redact(text.strip())
        if len(text) > MAX_LENGTH:
            over = counted(len(text) - MAX_LENGTH, "character")
            raise NotesError(f"A note has at most {MAX_LENGTH:,} characters: remove {over}.")
        self._write(thread_id, "note", text, before)

    def _write(
        self, thread_id: str, field: _Field, value: bool | str, before: str | None = None
    ) -> None:
        row = redact_json({"source": self._source, "thread": thread_id, field: value})
        if not self.is_lasting:
            self._check(thread_id, value, before, [])
            self._take(row)
            return
        try:
            with locked(self.path):
                lines = self._read()
                rows = [parse_line(line) for line in lines]
                self._notes = _merged(rows, self._source)
                self._check(thread_id, value, before, rows)
                append_lines(self.path, [row], durable=True)
                self._take(row)
                if sum(map(len, lines)) >= COMPACT_SIZE:
                    self._compact([*rows, row])
                self._stamp = self._stamp_now()
        except OSError as error:
            raise self._error("written", error) from error

    def _check(
        self, thread_id: str, value: bool | str, before: str | None, rows: Sequence[_Row]
    ) -> None:
        found = self.of(thread_id)
        if before is not None and found.text not in (before, value):
            raise NoteChangedError(found.text)
        if value and found.is_empty and _count_threads(rows) >= MAX_THREADS:
            raise NotesError(
                f"{MAX_THREADS:,} threads have a bookmark or a note already: remove some first."
            )

    def _read(self) -> list[bytes]:
        try:
            check_file(self.path)
            return read_bounded(self.path, MAX_SIZE).split(b"\n")
        except FileNotFoundError:
            return []

    def _take(self, row: _Row) -> None:
        """Note what a line says that follows those that were read."""
        thread_id = row["thread"]
        known = _rows(self._source, {thread_id: self.of(thread_id)})
        notes = {thread_id: NO_NOTE, **_merged([*known, row], self._source)}
        self._notes = {
            name: note for name, note in {**self._notes, **notes}.items() if not note.is_empty
        }

    def _compact(self, rows: Sequence[_Row]) -> None:
        """Remove the lines that no longer count, if most of the lines of the file do not."""
        if 2 * len(_that_count(rows)) < len(rows):
            lines = self._read()
            numbers = _that_count([parse_line(line) for line in lines])
            replace_file(self.path, b"\n".join(lines[number] for number in numbers))

    def _stamp_now(self) -> _Stamp | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _error(self, done: str, error: OSError) -> NotesError:
        reason = error.strerror or type(error).__name__
        return NotesError(f"The notes cannot be {done} ({self.path}: {reason}).")


def _merged(rows: Iterable[_Row], source: str) -> dict[str, Note]:
    """Return the notes of a source that are not empty, redacted: the file may be edited by hand."""
    notes: dict[str, Note] = {}
    for row in rows:
        thread_id = row.get("thread")
        if row.get("source") != source or not isinstance(thread_id, str) or not thread_id:
            continue
        note = notes.get(thread_id, NO_NOTE)
        if isinstance(row.get("bookmark"), bool):
            note = note._replace(is_bookmarked=row["bookmark"])
        if isinstance(row.get("note"), str):
            note = note._replace(text=redact(row["note"][:MAX_LENGTH]))
        notes[thread_id] = note
    return {thread_id: note for thread_id, note in notes.items() if not note.is_empty}


def _rows(source: str, notes: Mapping[str, Note]) -> list[dict[str, Any]]:
    return [
        {"source": source, "thread": thread_id, "bookmark": note.is_bookmarked, "note": note.text}
        for thread_id, note in notes.items()
    ]


def _that_count(rows: Iterable[_Row]) -> list[int]:
    """Return the numbers of the lines that count, in order."""
    last: dict[object, int] = {}
    for number, row in enumerate(rows):
        key = _key(row)
        last[number if key is None else key] = number
    return sorted(last.values())


def _count_threads(rows: Iterable[_Row]) -> int:
    """Return how many threads of all sources have a bookmark or a note."""
    values: dict[tuple[str, str, _Field], bool] = {}
    for row in rows:
        if (key := _key(row)) is not None:
            values[key] = bool(row[key[2]])
    return len({key[:2] for key, value in values.items() if value})


def _key(row: _Row) -> tuple[str, str, _Field] | None:
    """Return what a line of this program is about; None for any other line."""
    source, thread_id = row.get("source"), row.get("thread")
    if not (isinstance(source, str) and isinstance(thread_id, str)):
        return None
    for field, expected in _TYPES.items():
        if row.keys() == {"source", "thread", field} and isinstance(row[field], expected):
            return source, thread_id, field
    return None
