"""The journal of deletions: a file that is appended before and after each request.

Each line is a JSON object with the time, the account and the id of the deletion, which is one
confirmation for some threads:

| record | when | further fields |
|---|---|---|
| `begun` | before the first request | the threads, and the SHA-256 of each known title |
| `asked` | before each request | the thread |
| `answered` | after each request, or if there is none | thread, `result`, `reason`, request id |
| `ended` | after the last | `seen`: whether the user saw the results |
| `looked_up` | at a later start | the outcome of a thread that was unknown before |
| `told` | at a later start | none: the deletion was reported to the user |

It never contains a key, a user's name, a title or text of a server.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from chatkit_tui.errors import JournalError
from chatkit_tui.secrets import holds_secret
from chatkit_tui.sources.base import Outcome
from chatkit_tui.storage.private_file import (
    FileLock,
    append_lines,
    check_file,
    locked,
    make_folder,
    parse_line,
    place_of,
    platform_folder,
)

RECENT_BYTES = 4 * 1024 * 1024
"""Bytes at the end of the file that the screen reads before its first frame; it reads the rest
afterwards."""

_OF_A_THREAD = (b'{"record": "asked"', b'{"record": "answered"')
_DELETION = re.compile(rb'"deletion": "([0-9a-f]{1,64})"')
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.:/=+-]{1,128}")


class JournalAccount(NamedTuple):
    """The account of a deletion, as far as the journal may contain it."""

    host: str
    """The host of the API, with a non-default port."""
    profile: str | None = None
    project: str | None = None
    organization: str | None = None
    key: str = ""
    """At most the last four characters of the key."""


class ThreadOutcome(NamedTuple):
    """The recorded outcome of one thread."""

    outcome: Outcome
    reason: str = ""
    """In words of the program. For a deleted thread: its proof, if the response is none."""
    request_id: str | None = None


class PastDeletion(NamedTuple):
    """One confirmed deletion in the journal."""

    id: str
    time: str
    """The time of the confirmation: ISO 8601 in UTC."""
    account: JournalAccount
    outcomes: dict[str, ThreadOutcome]
    """The outcome of each thread by its id, in order."""
    ended: bool = False
    """Whether it was completed: no thread was skipped by accident."""
    reported: bool = False
    """Whether the user saw its results."""

    @property
    def unknown(self) -> list[str]:
        """The threads of unknown outcome."""
        return [name for name, entry in self.outcomes.items() if entry.outcome is Outcome.UNKNOWN]


class DeletionRecord:
    """A deletion in progress.

    Each method blocks until its lines are on the disk. Raise `JournalError` if that fails.
    """

    def __init__(self, journal: DeletionJournal, row: Mapping[str, Any], lock: FileLock) -> None:
        self._journal = journal
        self._row = row
        self._lock = lock

    def asked(self, thread_id: str) -> None:
        """Record that a request for a thread is about to be sent."""
        self._journal.append([_line("asked", self._row, thread=thread_id)])

    def answered(self, thread_id: str, entry: ThreadOutcome) -> None:
        """Record the outcome of the request."""
        self._journal.append([_line("answered", self._row, thread=thread_id, **_fields(entry))])

    def end(self, not_tried: Iterable[str], reason: str, *, seen: bool) -> None:
        """Record that no further request is sent.

        `reason` is why some threads were not tried; `seen`, whether the user saw the results.
        """
        entry = _fields(ThreadOutcome(Outcome.NOT_TRIED, reason))
        rows = [_line("answered", self._row, thread=name, **entry) for name in not_tried]
        self._journal.append([*rows, _line("ended", self._row, seen=seen)])

    def close(self) -> None:
        """Release the lock of the deletion."""
        self._lock.release()


class DeletionJournal:
    """The journal in one private file, which several programs may write at the same time."""

    def __init__(
        self, account: JournalAccount, path: Path | None = None, *, lasting: bool = True
    ) -> None:
        """Open the journal at a path, by default in the platform's folder.

        `lasting` is false for a temporary file, as in a demonstration.
        """
        self.account = account
        self.path = path or platform_folder("state") / "deletions.jsonl"
        self.lasting = lasting

    @property
    def place(self) -> str:
        """The path for messages, with `~` for the home folder; empty for a temporary file."""
        if not self.lasting:
            return ""
        return place_of(self.path)

    def begin(self, titles: Mapping[str, str | None]) -> DeletionRecord:
        """Record the ids of the threads to delete, in order, and their titles if known.

        Raise `JournalError` if the file cannot be written.
        """
        deletion_id = os.urandom(8).hex()
        row = _row(self.account, deletion_id)
        threads = [{"id": name, "title_sha256": _hash(title)} for name, title in titles.items()]
        # It is locked until the end: a later start can distinguish an interrupted deletion from one
        # in progress.
        lock = self._take_lock(deletion_id)
        assert lock is not None  # noqa: S101 # the id is new
        try:
            self.append([_line("begun", row, pid=os.getpid(), threads=threads)])
        except JournalError:
            lock.release()
            raise
        return DeletionRecord(self, row, lock)

    def append(self, rows: list[dict[str, Any]]) -> None:
        """Write lines to the disk. Raise `JournalError` if that fails."""
        try:
            with locked(self.path):
                check_file(self.path)
                append_lines(self.path, rows, durable=True)
        except OSError as error:
            raise self._error(error) from error

    def all(self) -> list[PastDeletion]:
        """Return every deletion, newest first. Raise `JournalError` if the file cannot be read."""
        return self._read()[::-1]

    @property
    def size(self) -> int:
        """The size of the file in bytes; 0 if it does not exist."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    @contextmanager
    def claim_unreported(self, last: int | None = None) -> Iterator[list[PastDeletion]]:
        """Yield the deletions that were not reported, newest last, and lock them until the end.

        With `last`, read only that many bytes at the end of the file. Deletions in progress are
        omitted. The result is empty while another program reports. Raise `JournalError` if the
        file cannot be read.
        """
        found = self._read(last, unreported=True)
        lock = self._take_lock("report") if found else None
        if lock is None:
            yield []
            return
        try:
            over = {past.id for past in found if self._is_over(past.id)}
            # Read again: another program may have reported some, and the last lines of a deletion
            # may have been written before its lock was released.
            yield [past for past in self._read(last, unreported=True) if past.id in over]
        finally:
            lock.release()

    def mark_reported(self, reports: Mapping[str, Mapping[str, ThreadOutcome]]) -> None:
        """Record that deletions are reported, by their ids, and the outcomes that a lookup found.

        If this fails, a later start reports them again.
        """
        lines = []
        for deletion_id, looked_up in reports.items():
            row = _row(self.account, deletion_id)
            lines += [
                _line("looked_up", row, thread=name, **_fields(entry))
                for name, entry in looked_up.items()
            ]
            lines.append(_line("told", row))
        with suppress(JournalError):
            self.append(lines)

    def _is_over(self, deletion_id: str) -> bool:
        """Return whether a deletion is not in progress; once true, it stays true."""
        lock = self._take_lock(deletion_id)
        if lock is not None:
            lock.release()
        return lock is not None

    def _take_lock(self, name: str) -> FileLock | None:
        """Take a lock beside the file, or return None if another program has it."""
        try:
            make_folder(self.path.parent)
            return FileLock.take(self.path.with_name(f"deletion-{name}.lock"))
        except OSError as error:
            raise self._error(error) from error

    def _read(self, last: int | None = None, *, unreported: bool = False) -> list[PastDeletion]:
        """Return the deletions in the file, or in its last bytes; with `unreported`, only those."""
        try:
            check_file(self.path)
            with self.path.open("rb") as file:
                if last is not None:
                    file.seek(max(0, os.fstat(file.fileno()).st_size - last))
                start = file.tell()
                pending = _pending(file) if unreported else None
                file.seek(start)
                pasts = _deletions(_rows(file, pending))
                return [past for past in pasts if not (unreported and past.reported)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._error(error) from error

    def _error(self, error: OSError) -> JournalError:
        cause = f"{self.place or self.path}: {error.strerror or type(error).__name__}"
        return JournalError(
            f"The journal of deletions cannot be written ({cause}); nothing is deleted without it.",
            cause=cause,
        )


def _pending(lines: Iterable[bytes]) -> set[bytes]:
    """Return the ids of unreported deletions. Lines of single threads are not parsed, for speed."""
    pending = set()
    for line in lines:
        if line.startswith(_OF_A_THREAD):
            continue
        row = parse_line(line)
        deletion_id = str(row.get("deletion")).encode("utf-8", "surrogatepass")
        record = row.get("record")
        if record == "begun":
            pending.add(deletion_id)
        elif record == "told" or (record == "ended" and row.get("seen") is True):
            pending.discard(deletion_id)
    return pending


def _rows(lines: Iterable[bytes], pending: set[bytes] | None) -> Iterator[dict[str, Any]]:
    """Yield the lines of the `pending` deletions, or of all."""
    for line in lines:
        found = None if pending is None else _DELETION.search(line)
        if pending is None or (found and found[1] in pending):
            yield parse_line(line)


def _deletions(rows: Iterable[dict[str, Any]]) -> list[PastDeletion]:
    found: dict[str, PastDeletion] = {}
    for row in rows:
        deletion_id, record = row.get("deletion"), row.get("record")
        if not isinstance(deletion_id, str) or not re.fullmatch(r"[0-9a-f]{1,64}", deletion_id):
            continue
        if record == "begun":
            outcomes = dict.fromkeys(_ids(row), ThreadOutcome(Outcome.NOT_TRIED))
            time = str(row.get("time"))
            found[deletion_id] = PastDeletion(deletion_id, time, _account(row), outcomes)
        elif deletion_id in found:
            found[deletion_id] = _with_line(found[deletion_id], record, row)
    return [past for past in found.values() if past.outcomes]


def _with_line(past: PastDeletion, record: object, row: Mapping[str, Any]) -> PastDeletion:
    thread = row.get("thread")
    if record == "ended":
        return past._replace(ended=True, reported=past.reported or row.get("seen") is True)
    if record == "told":
        return past._replace(reported=True)
    if not isinstance(thread, str) or thread not in past.outcomes:
        return past
    if record == "asked":
        past.outcomes[thread] = ThreadOutcome(Outcome.UNKNOWN, "cut short before it was answered")
    elif record in ("answered", "looked_up") and row.get("result") in tuple(Outcome):
        request_id = row.get("request_id")
        past.outcomes[thread] = ThreadOutcome(
            Outcome(row["result"]),
            str(row.get("reason") or ""),
            request_id if isinstance(request_id, str) else None,
        )
    return past


def _ids(begun: Mapping[str, Any]) -> Iterator[str]:
    threads = begun.get("threads")
    for thread in threads if isinstance(threads, list) else ():
        if isinstance(thread, dict) and isinstance(thread.get("id"), str):
            yield thread["id"]


def _account(row: Mapping[str, Any]) -> JournalAccount:
    known = {name: row[name] for name in JournalAccount._fields if isinstance(row.get(name), str)}
    return JournalAccount(**{"host": "", **known})


def _line(record: str, row: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"record": record, "time": time, **row, **more}


def _row(account: JournalAccount, deletion_id: str) -> dict[str, Any]:
    return {"deletion": deletion_id, **account._asdict()}


def _fields(entry: ThreadOutcome) -> dict[str, Any]:
    # A request id is untrusted; it is omitted unless it looks like one.
    known = entry.request_id if _REQUEST_ID.fullmatch(entry.request_id or "") else None
    return {
        "result": entry.outcome.value,
        "reason": entry.reason,
        "request_id": None if known and holds_secret(known) else known,
    }


def _hash(title: str | None) -> str | None:
    if title is None:
        return None
    from hashlib import sha256

    return sha256(title.encode("utf-8", "surrogatepass")).hexdigest()
