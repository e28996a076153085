"""The record of an export to a folder: what is done, so that a later run goes on from there.

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
from chatkit_tui.export.jsonl import TOOL
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
        redacted differently: nobody could tell the files apart. Raise it as well if the folder
        cannot be written, or another program exports to it.
        """
        path = folder / NAME
        with ExitStack() as on_error:
            try:
                make_folder(folder)
                lock = FileLock.take(folder / f".{NAME}.lock")
                if lock is None:
                    raise ExportError(f"Another program exports to {folder}.")
                on_error.callback(lock.release)
                if start_over:
                    path.unlink(missing_ok=True)
                descriptor = open_private(path, os.O_RDWR | os.O_APPEND)
                on_error.callback(os.close, descriptor)
                manifest = cls(path, lock, descriptor)
                manifest._begin(source, started_at, redacted=redacted)
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
        line = {"thread_id": thread_id, "format": kind, **entry._asdict(), **facts}
        with self._adding:
            self._entries[thread_id, kind] = entry
            try:
                self._append(line)
            except OSError as error:
                raise unwritable(self._path, error) from None

    def _begin(self, source: str, started_at: float, *, redacted: bool) -> None:
        """Read what is there, and write the first line if there is nothing. Raise `OSError`.

        A record without any thread is of an export that came to nothing, and begins anew.
        """
        facts = {"source": source, "redacted": redacted}
        first: dict[str, Any] | None = None
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            last = b"\n"
            for number, last in enumerate(file):
                line = parse_line(last)
                if number == 0:
                    first = line
                    self._check_kind(line)
                    continue
                self._note_numbers(line.get("numbers"), line.get("run"))
                if type(line.get("thread_id")) is str and line.get("state") in [*State]:
                    key = line["thread_id"], str(line.get("format"))
                    self._entries[key] = Entry(_file_in(line), State(line["state"]))
        if first is not None and self._entries:
            self._check(first["export"], facts)
        elif first is not None:
            os.ftruncate(self._descriptor, 0)
            last = b"\n"
        if not last.endswith(b"\n"):  # of a killed program, or the disk was full
            write_all(self._descriptor, b"\n")
        if not self._entries:
            begun = {"tool": TOOL, "version": __version__, "started_at": int(started_at)}
            self._append({"export": {**begun, **facts}})

    def _note_numbers(self, numbers: object, run: object) -> None:
        if isinstance(run, str):
            self.runs.add(run)
        for kind, number in numbers.items() if isinstance(numbers, dict) else ():
            if type(number) is int:
                self.numbers[kind] = max(number, self.numbers.get(kind, 0))

    def _check_kind(self, first: dict[str, Any]) -> None:
        if not isinstance(first.get("export"), dict):
            raise ExportError(f"{self._path} is not the record of an export. {_ADVICE}")

    def _check(self, begun: dict[str, Any], facts: dict[str, object]) -> None:
        if begun.get("source") != facts["source"]:
            raise ExportError(f"{self._path.parent} has an export of another source. {_ADVICE}")
        if begun.get("redacted") is not facts["redacted"]:
            how = "is redacted" if begun.get("redacted") else "is not redacted"
            raise ExportError(f"{self._path.parent} has an export that {how}. {_ADVICE}")

    def _append(self, line: dict[str, Any]) -> None:
        size = os.fstat(self._descriptor).st_size
        try:
            write_all(self._descriptor, json.dumps(line).encode() + b"\n")
        except OSError:  # the disk is full
            os.ftruncate(self._descriptor, size)
            raise


def _file_in(line: dict[str, Any]) -> str | None:
    """Return the file in a line, which must not lead out of the folder."""
    file = line.get("file")
    is_name = isinstance(file, str) and file and not {*"/\\:\0"} & {*file} and file[0] != "."
    return file if is_name else None


def unwritable(path: Path, error: OSError) -> ExportError:
    """Return the error for a file or folder that cannot be written."""
    return ExportError(f"{path} cannot be written: {error.strerror or error}.")
