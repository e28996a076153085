"""The sessions that were made from here, kept on disk because the API cannot list them.

One JSON object on a line, added at the end: a session, or the new status of one. What does not
parse is passed over, so that a line cut short by a full disk or written by a later version costs
that line alone. The client secret is not a field and never gets here.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatkit_tui.secrets import redact, redact_json
from chatkit_tui.storage.private_file import (
    append_lines,
    check_file,
    locked,
    open_file,
    parse_line,
    platform_folder,
    read_bounded,
    write_all,
)

if TYPE_CHECKING:
    from chatkit_tui.models.sessions import Session

UNKNOWN = "unknown"
"""The status of a session whose last call got no answer, so that its outcome is not known."""
MAX_SESSIONS = 500
"""How many sessions a compaction keeps, the newest."""
COMPACT_SIZE = 512 * 1024
"""The size of the file, in bytes, from which it is compacted."""


MAX_SIZE = 64 * 1024 * 1024
"""The size of the file, in bytes, from which it is not read: compaction keeps it far below."""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """What is remembered of a session."""

    id: str
    """Empty when the server gave none."""
    user: str | None
    workflow: str | None
    """The workflow's id."""
    expires_at: int | None
    """Unix seconds."""
    created_at: int
    """Unix seconds, by the clock of this machine: the API does not say."""
    host: str
    """Host, and port where it is not the usual one, of the API that made it."""
    status: str
    """The last one known: `active`, `cancelled`, the server's word; or `UNKNOWN`."""

    @classmethod
    def of(cls, session: Session, *, created_at: int, host: str) -> SessionRecord:
        """The record of a session as the API answered it; everything else of it is left out."""
        return cls(
            id=redact(session.id),
            user=session.user and redact(session.user),
            workflow=redact(session.workflow.id) if session.workflow else None,
            expires_at=session.expires_at,
            created_at=created_at,
            host=host,
            status=redact(session.status),
        )


def default_path() -> Path:
    """Where the register is, in the platform's folder for state."""
    return platform_folder("state") / "sessions.jsonl"


class SessionHistory:
    """The register in one file, which several programs may use at once.

    The file can be read by its owner alone, and so can a folder that is made for it. Nothing here
    raises for the disk's sake: a session that was just created must not be lost to a full one.
    What cannot be written is kept as long as the program runs, and `trouble` says why.
    """

    def __init__(self, path: Path | None = None) -> None:
        """The register at a path, by default in the platform's folder for state."""
        self._path = path or default_path()
        self._unwritten: list[dict[str, Any]] = []
        self.trouble: str | None = None
        """Why the register could not be read or written the last time, in one line; None if it
        could."""

    def add(self, record: SessionRecord) -> None:
        """Keep one more session."""
        self._write(asdict(record))

    def mark(self, session_id: str, status: str) -> None:
        """Keep that a session's status changed. One that was not made from here is passed over."""
        if any(record.id == session_id for record in self.all()):
            self._write({"id": session_id, "status": status})

    def all(self) -> list[SessionRecord]:
        """Every session, the newest first."""
        try:
            lines = self._lines()
        except FileNotFoundError:
            lines = []
        except OSError as error:
            lines = []
            self._complain("read", error)
        return _records([*(parse_line(line) for line in lines), *self._unwritten])[::-1]

    def _lines(self) -> list[bytes]:
        check_file(self._path)
        return read_bounded(self._path, MAX_SIZE).splitlines()

    def _write(self, row: dict[str, Any]) -> None:
        try:
            with locked(self._path):
                append_lines(self._path, [*self._unwritten, row])
                if self._path.stat().st_size > COMPACT_SIZE:
                    self._compact()
        except OSError as error:
            self._unwritten.append(row)
            self._complain("written", error)
        else:
            self._unwritten.clear()
            self.trouble = None

    def _compact(self) -> None:
        """Write the newest sessions beside the register and put them in its place."""
        records = _records([parse_line(line) for line in self._lines()])
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        text = "".join(json.dumps(asdict(record)) + "\n" for record in records[-MAX_SESSIONS:])
        try:
            with open_file(beside, os.O_WRONLY | os.O_TRUNC) as descriptor:
                write_all(descriptor, text.encode())
                os.fsync(descriptor)
            beside.replace(self._path)
        except OSError:
            # The register is whole, only large; the next session is another occasion.
            with suppress(OSError):
                beside.unlink(missing_ok=True)

    def _complain(self, done: str, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        self.trouble = f"The list of sessions cannot be {done} ({self._path}: {reason})."


class MemoryHistory:
    """A register that nothing is written of: what the demo makes is gone with it."""

    trouble: str | None = None

    def __init__(self) -> None:
        self._records: list[SessionRecord] = []

    def add(self, record: SessionRecord) -> None:
        """Keep one more session."""
        self._records.append(record)

    def mark(self, session_id: str, status: str) -> None:
        """Keep that a session's status changed."""
        self._records = [
            replace(record, status=status) if record.id == session_id else record
            for record in self._records
        ]

    def all(self) -> list[SessionRecord]:
        """Every session, the newest first."""
        return self._records[::-1]


_TYPES: dict[str, tuple[type, ...]] = {
    "id": (str,),
    "user": (str, type(None)),
    "workflow": (str, type(None)),
    "expires_at": (int, type(None)),
    "created_at": (int,),
    "host": (str,),
    "status": (str,),
}


def _records(rows: list[dict[str, Any]]) -> list[SessionRecord]:
    """The sessions that these lines tell of, in the order they were first told.

    Credentials in them are redacted: earlier versions, and other programs, may have written any.
    """
    found: dict[str, SessionRecord] = {}
    for place, row in enumerate(rows):
        known = redact_json({name: row[name] for name in _TYPES if _fits(row, name)})
        identifier = known.get("id")
        if identifier is None:
            continue
        if len(known) == len(fields(SessionRecord)):
            # Sessions without an id have nothing to be told apart by but their line.
            found[identifier or f"\0{place}"] = SessionRecord(**known)
        elif identifier in found and "status" in known:
            found[identifier] = replace(found[identifier], status=known["status"])
    return list(found.values())


def _fits(row: dict[str, Any], name: str) -> bool:
    value = row.get(name, ...)
    return isinstance(value, _TYPES[name]) and not isinstance(value, bool)
