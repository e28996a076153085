"""The record of an export to a folder: what is done, so that a later run continues from there.

One JSON object a line, appended before and after each thread, so that a killed program loses
nothing:

    {"export": {"tool": …, "version": …, "started_at": …, "source": …, "redacted": …}}
    {"thread_id": …, "format": …, "file": …, "state": "started"}
    {"thread_id": …, "format": …, "file": …, "state": "done", "items": …}
    {"thread_id": …, "format": …, "file": …, "state": "incomplete", "items": …, "reason": …}
    {"thread_id": …, "format": …, "file": null, "state": "failed", "reason": …}

Where the export is redacted, `started` has the highest `numbers` of tokens so far, and the `run`
that gave them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple, Self

from chatkit_tui import __version__
from chatkit_tui.errors import ExportError
from chatkit_tui.export.json import TOOL
from chatkit_tui.storage.private_file import (
    FileLock,
    make_folder,
    open_private,
    parse_line,
    write_all,
)

NAME: Final = "chatkit-export.jsonl"
"""The name of the record in its folder; no thread's file has a name like it."""
_ADVICE: Final = "Choose another folder, or start over with --force."


class State(StrEnum):
    """How far the export of a thread is."""

    STARTED = "started"
    DONE = "done"
    INCOMPLETE = "incomplete"
    """Its file is written, and items are missing in it."""
    FAILED = "failed"


class Entry(NamedTuple):
    """The last line about a thread in a format."""

    file: str | None
    state: State


class Manifest:
    """The record of one folder, which only one program writes at a time, in any thread."""

    def __init__(self, path: Path, lock: FileLock, descriptor: int) -> None:
        """Take the open file of a manifest and its lock."""
        self._path = path
        self._lock = lock
        self._descriptor = descriptor
        self._adding = Lock()
        self._entries: dict[tuple[str, str], Entry] = {}
        self.numbers: dict[str, int] = {}
        """The highest numbers of the tokens of a redacted export, by kind."""
        self.runs: set[str] = set()
        """The names of the redactors that gave them."""

    @classmethod
    def open(
        cls, folder: Path, source: str, *, started_at: float, redacted: bool, start_over: bool
    ) -> Self:
        """Open the manifest of a folder; both are created if necessary.

        Without `start_over`, raise `ExportError` if the folder has an export of another source, or
        redacted differently: the files could not be told apart. Raise it as well if the folder
        cannot be written, or another program exports to it, or a redacted export would start over
        among files that are not redacted.
        """
        path = folder / NAME
        with ExitStack() as on_error:
            try:
                make_folder(folder)
                lock = FileLock.take(folder / f".{NAME}.lock")
                if lock is None:
                    raise ExportError(f"Another program exports to {folder}.")
                on_error.callback(lock.release)
                descriptor = open_private(path, os.O_RDWR | os.O_APPEND)
                on_error.callback(os.close, descriptor)
                manifest = cls(path, lock, descriptor)
                manifest._begin(source, started_at, redacted=redacted, start_over=start_over)
            except OSError as error:
                raise unwritable(folder, error) from None
            on_error.pop_all()
        return manifest

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and release the folder."""
        os.close(self._descriptor)
        self._lock.release()

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Yield thread ids and their entries of all formats."""
        return ((thread_id, entry) for (thread_id, _), entry in self._entries.items())

    def entries_of(self, kind: str) -> dict[str, Entry]:
        """Return the entries of a format by thread id."""
        return {
            thread_id: entry for (thread_id, own), entry in self._entries.items() if own == kind
        }

    def entry(self, thread_id: str, kind: str) -> Entry | None:
        """Return the last entry of a thread in a format."""
        return self._entries.get((thread_id, kind))

    def add(self, thread_id: str, kind: str, entry: Entry, **facts: object) -> None:
        """Append an entry. Raise `ExportError`."""
        line = _line(thread_id, kind, entry) | facts
        with self._adding:
            self._entries[thread_id, kind] = entry
            try:
                self._append(line)
            except OSError as error:
                raise unwritable(self._path, error) from None

    def _begin(self, source: str, started_at: float, *, redacted: bool, start_over: bool) -> None:
        """Read what is there, and write the first line if there is nothing. Raise `OSError`.

        A record without any thread is started again: its export wrote nothing.
        """
        facts = {"source": source, "redacted": redacted}
        begun, is_whole = self._read()
        if start_over:
            self._forget(begun, facts)
        elif begun is not None:
            self._check(begun, facts)
        if self._entries and not start_over:
            if not is_whole:
                write_all(self._descriptor, b"\n")
            return
        os.ftruncate(self._descriptor, 0)
        what = {"tool": TOOL, "version": __version__, "started_at": int(started_at)}
        lines = [_line(*key, entry) for key, entry in self._entries.items()]
        if self.runs:  # the tokens of files that are still there
            lines[0] |= {"numbers": self.numbers, "run": min(self.runs)}
        self._append({"export": {**what, **facts}}, *lines)

    def _read(self) -> tuple[Any, bool]:
        """Read the lines; return what the first one states, and whether the last one is whole.

        It is not after a kill, or if the disk was full. The first one states None if there is no
        line, and False if the file is not a record.
        """
        begun: Any = None
        last = b"\n"
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            for number, last in enumerate(file):
                line = parse_line(last)
                if number == 0:
                    begun = line.get("export", False)
                    continue
                self._note_numbers(line.get("numbers"), line.get("run"))
                if type(line.get("thread_id")) is str and line.get("state") in [*State]:
                    key = line["thread_id"], str(line.get("format"))
                    self._entries[key] = Entry(_file_in(line), State(line["state"]))
        return begun, last.endswith(b"\n")

    def _forget(self, begun: Any, facts: dict[str, object]) -> None:
        """Start over. The files of an earlier export of the same kind stay known, so that the next
        export may replace them if this one is killed.
        """
        earlier = begun if isinstance(begun, dict) else {}
        has_files = any(entry.file for entry in self._entries.values())
        if has_files and facts["redacted"] and earlier.get("redacted") is False:
            raise ExportError(
                f"{self._path.parent} has files that are not redacted. Choose another folder."
            )
        is_same = all(earlier.get(name) == fact for name, fact in facts.items())
        self._entries = {
            key: Entry(entry.file, State.STARTED)
            for key, entry in self._entries.items()
            if is_same and entry.file
        }
        if not self._entries:
            self.numbers.clear()
            self.runs.clear()

    def _note_numbers(self, numbers: object, run: object) -> None:
        if isinstance(run, str):
            self.runs.add(run)
        for kind, number in numbers.items() if isinstance(numbers, dict) else ():
            if type(number) is int:
                self.numbers[kind] = max(number, self.numbers.get(kind, 0))

    def _check(self, begun: Any, facts: dict[str, object]) -> None:
        if not isinstance(begun, dict):
            raise ExportError(f"{self._path} is not the record of an export. {_ADVICE}")
        if not self._entries:
            return
        if begun.get("source") != facts["source"]:
            raise ExportError(f"{self._path.parent} has an export of another source. {_ADVICE}")
        if begun.get("redacted") is not facts["redacted"]:
            how = "is redacted" if begun.get("redacted") else "is not redacted"
            raise ExportError(f"{self._path.parent} has an export that {how}. {_ADVICE}")

    def _append(self, *lines: dict[str, Any]) -> None:
        size = os.fstat(self._descriptor).st_size
        try:
            write_all(
                self._descriptor, b"".join(json.dumps(line).encode() + b"\n" for line in lines)
            )
        except OSError:  # the disk is full
            os.ftruncate(self._descriptor, size)
            raise


def _line(thread_id: str, kind: str, entry: Entry) -> dict[str, Any]:
    return {"thread_id": thread_id, "format": kind, **entry._asdict()}


def _file_in(line: dict[str, Any]) -> str | None:
    """Return the file in a line, which must not lead out of the folder."""
    file = line.get("file")
    is_name = isinstance(file, str) and file and not {*"/\\:\0"} & {*file} and file[0] != "."
    return file if is_name else None


def unwritable(path: Path, error: OSError) -> ExportError:
    """Return the error for a file or folder that cannot be written."""
    return ExportError(f"{path} cannot be written: {error.strerror or error}.")
