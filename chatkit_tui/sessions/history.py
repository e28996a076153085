"""The sessions created on this machine, in a file, because the API cannot list sessions.

Each line is a JSON object: a session, or a new status of one. Invalid lines are ignored: they may
be incomplete, or of a later version. Client secrets are never written.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

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

if TYPE_CHECKING:
    from chatkit_tui.models.sessions import Session

UNKNOWN = "unknown"
"""The status of a session if the outcome of the last request is unknown."""
MAX_SESSIONS = 500
"""The number of sessions, the newest, that a compaction keeps."""
COMPACT_SIZE = 512 * 1024
"""Bytes; a larger file is compacted."""


MAX_SIZE = 64 * 1024 * 1024
"""Bytes; a larger file is not read."""


class SessionRecord(NamedTuple):
    """The record of a session."""

    id: str
    """Empty if the server sent none."""
    user: str | None
    workflow: str | None
    """The workflow's id."""
    expires_at: int | None
    """Unix seconds."""
    created_at: int
    """Unix seconds by the clock of this machine; the API has no such field."""
    host: str
    """The host of the API, with a non-default port."""
    status: str
    """The last known status: of the server, such as `active`, or `UNKNOWN`."""

    @classmethod
    def of(cls, session: Session, *, created_at: int, host: str) -> SessionRecord:
        """Return the record of a session of the API, redacted."""
        return cls(
            id=redact(session.id),
            user=session.user and redact(session.user),
            workflow=redact(session.workflow.id) if session.workflow else None,
            expires_at=session.expires_at,
            created_at=created_at,
            host=host,
            status=redact(session.status),
        )


class SessionHistory:
    """The history in one private file, which several programs may write at the same time.

    Errors of the file are in `file_error`, not raised. Lines that cannot be written are kept in
    memory, so that a new session is not lost to a full disk.
    """

    def __init__(self, path: Path | None = None, *, lasting: bool = True) -> None:
        """Open the history at a path, by default in the platform's state folder.

        `lasting` is false to use no file, as in a demonstration.
        """
        self.path = path or platform_folder("state") / "sessions.jsonl"
        self._lasting = lasting
        self._unwritten: list[dict[str, Any]] = []
        self.file_error: str | None = None
        """The last error of reading or writing, on one line; None if there was none."""
        self._read: tuple[int, int, int] | None = None
        """What `_stamp` was when the file was read."""

    def add(self, record: SessionRecord) -> None:
        self._write(record._asdict())

    def mark(self, session_id: str, status: str) -> None:
        """Record a new status. Sessions that were not created here are ignored."""
        if any(record.id == session_id for record in self.all()):
            self._write({"id": session_id, "status": status})

    def all(self) -> list[SessionRecord]:
        """Return every session, newest first."""
        lines: list[bytes] = []
        self._read = self._stamp()
        try:
            lines = self._lines() if self._lasting else []
        except FileNotFoundError:
            pass
        except OSError as error:
            self._set_error("read", error)
        return _records([*(parse_line(line) for line in lines), *self._unwritten])[::-1]

    def has_changed(self) -> bool:
        """Return whether the file has changed since `all` read it; this costs one `stat`."""
        return self._lasting and self._stamp() != self._read

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _lines(self) -> list[bytes]:
        check_file(self.path)
        return read_bounded(self.path, MAX_SIZE).splitlines()

    def _write(self, row: dict[str, Any]) -> None:
        if not self._lasting:
            self._unwritten.append(row)
            return
        try:
            with locked(self.path):
                append_lines(self.path, [*self._unwritten, row])
                if self.path.stat().st_size > COMPACT_SIZE:
                    self._compact()
        except OSError as error:
            self._unwritten.append(row)
            self._set_error("written", error)
        else:
            self._unwritten.clear()
            self.file_error = None

    def _compact(self) -> None:
        records = _records([parse_line(line) for line in self._lines()])
        text = "".join(json.dumps(record._asdict()) + "\n" for record in records[-MAX_SESSIONS:])
        with suppress(OSError):  # the next session tries again
            replace_file(self.path, text.encode())

    def _set_error(self, done: str, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        self.file_error = f"The list of sessions cannot be {done} ({self.path}: {reason})."


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
    """Return the sessions in lines, oldest first, redacted: earlier versions wrote secrets."""
    found: dict[str, SessionRecord] = {}
    for place, row in enumerate(rows):
        valid = redact_json({name: row[name] for name in _TYPES if _fits(row, name)})
        identifier = valid.get("id")
        if identifier is None:
            continue
        if len(valid) == len(SessionRecord._fields):
            # Sessions without an id are distinguished by their lines.
            found[identifier or f"\0{place}"] = SessionRecord(**valid)
        elif identifier in found and "status" in valid:
            found[identifier] = found[identifier]._replace(status=valid["status"])
    return list(found.values())


def _fits(row: dict[str, Any], name: str) -> bool:
    value = row.get(name, ...)
    return isinstance(value, _TYPES[name]) and not isinstance(value, bool)
