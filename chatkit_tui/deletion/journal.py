"""The record of what was deleted from here: written before and after each call, never changed.

One JSON object on a line, added at the end of one file. A deletion is one confirmation of some
threads; its lines are, each with the time, the account and the deletion's id:

| record | when | what else it has |
|---|---|---|
| `begun` | before the first call | the threads, and the SHA-256 of the title where it is known |
| `asked` | before each call | the thread |
| `answered` | after it, and for what was left alone | the thread, `result`, `reason`, request id |
| `ended` | after the last | `seen`: whether somebody was there to see the results |
| `looked_up` | at a later start | what a thread of unknown outcome turned out to be |
| `told` | at a later start | that a person was told how a deletion ended |

Neither a key nor a user's name, a title or words of a server ever gets here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chatkit_tui.errors import AuditError
from chatkit_tui.secrets import holds_secret
from chatkit_tui.sources.base import Outcome
from chatkit_tui.storage.private_file import (
    FileLock,
    append_lines,
    check_file,
    locked,
    make_folder,
    own_folder,
    parse_line,
)

LOOKED_THROUGH = 4 * 1024 * 1024
"""Bytes at the end of the file in which the screen looks, before its first frame, for deletions
that were not reported; it reads the rest afterwards."""

_OF_A_THREAD = (b'{"record": "asked"', b'{"record": "answered"')
_DELETION = re.compile(rb'"deletion": "([0-9a-f]{1,64})"')
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.:/=+-]{1,128}")


@dataclass(frozen=True, slots=True)
class JournalAccount:
    """On whose behalf something is deleted, as far as a record may tell."""

    host: str
    """Host, and port where it is not the usual one, of the API."""
    profile: str | None = None
    project: str | None = None
    organization: str | None = None
    key: str = ""
    """The last four characters of the key, never more."""


@dataclass(frozen=True, slots=True)
class ThreadOutcome:
    """What the record says of one thread of a deletion."""

    outcome: Outcome
    reason: str = ""
    """In the program's own words; for a thread that was deleted, what proves it where the body of
    the answer does not."""
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class PastDeletion:
    """One confirmed deletion, as the record has it."""

    id: str
    time: str
    """When it was confirmed: ISO 8601 in UTC."""
    account: JournalAccount
    fates: Mapping[str, ThreadOutcome]
    """What became of each thread by its id, in order."""
    ended: bool = False
    """It was not broken off: each thread had its turn, or was left alone on purpose."""
    told: bool = False
    """A person saw how it ended."""

    @property
    def unknown(self) -> list[str]:
        """The threads of which nobody knows whether they are gone."""
        return [name for name, fate in self.fates.items() if fate.outcome is Outcome.UNKNOWN]


@dataclass
class _Told:
    """The lines of one deletion, gathered."""

    begun: dict[str, Any]
    fates: dict[str, ThreadOutcome]
    ended: bool = False
    told: bool = False
    looked_up: dict[str, ThreadOutcome] = field(default_factory=dict)


class DeletionRecord:
    """A deletion under way. Each method returns once its lines are on the disk, and raises
    `AuditError` when they cannot be written; none is for an event loop."""

    def __init__(self, audit: DeletionJournal, row: Mapping[str, Any], hold: FileLock) -> None:
        self._audit = audit
        self._row = row
        self._hold = hold

    def asked(self, thread_id: str) -> None:
        """The call for a thread is about to go out."""
        self._audit.append([self._line("asked", thread=thread_id)])

    def answered(self, thread_id: str, fate: ThreadOutcome) -> None:
        """What the call came to."""
        self._audit.append([self._line("answered", thread=thread_id, **_fields(fate))])

    def end(self, left_alone: Iterable[str], reason: str, *, seen: bool) -> None:
        """No further call goes out. `reason` is why some threads had none; `seen`, whether
        somebody was there to see what became of each."""
        fate = _fields(ThreadOutcome(Outcome.NOT_TRIED, reason))
        rows = [self._line("answered", thread=name, **fate) for name in left_alone]
        self._audit.append([*rows, self._line("ended", seen=seen)])

    def close(self) -> None:
        """Nothing more is written of it by this program."""
        self._hold.let_go()

    def _line(self, record: str, **more: Any) -> dict[str, Any]:
        return {"record": record, "time": _now(), **self._row, **more}


class _Turn:
    """The right to report deletions, which one program has at a time: one lock for all of them, so
    that any number costs one descriptor. It is given up with the last of them."""

    def __init__(self, hold: FileLock, deletion_ids: Iterable[str]) -> None:
        self._hold: FileLock | None = hold
        self._pending = set(deletion_ids)

    def settle(self, deletion_id: str) -> None:
        """A deletion was reported, or is left to a later start; a second time has no effect."""
        self._pending.discard(deletion_id)
        if not self._pending and self._hold is not None:
            self._hold.let_go()
            self._hold = None


class UnreportedDeletion:
    """A deletion that was not reported, and the right to report it."""

    def __init__(self, audit: DeletionJournal, past: PastDeletion, turn: _Turn) -> None:
        self._audit = audit
        self._turn = turn
        self.past = past

    def tell(self, looked_up: Mapping[str, ThreadOutcome]) -> None:
        """Record that it is being reported, with what a look-up showed of unknown outcomes."""
        self._audit.tell({self: looked_up})

    def told_lines(self, looked_up: Mapping[str, ThreadOutcome]) -> list[dict[str, Any]]:
        """Return the lines that say so."""
        row = _row(self._audit.account, self.past.id)
        lines = [
            {"record": "looked_up", "time": _now(), **row, "thread": name, **_fields(fate)}
            for name, fate in looked_up.items()
        ]
        return [*lines, {"record": "told", "time": _now(), **row}]

    def leave(self) -> None:
        """Leave the report to a later start, unless it was given already."""
        self._turn.settle(self.past.id)


def default_path() -> Path:
    """Where the record is, in the platform's folder for state."""
    return own_folder("state") / "deletions.jsonl"


class DeletionJournal:
    """The record in one file, which several programs may write at once.

    The file can be read by its owner alone, and so can a folder that is made for it.
    """

    def __init__(
        self, account: JournalAccount, path: Path | None = None, *, lasting: bool = True
    ) -> None:
        """The record at a path, by default in the platform's folder.

        `lasting` is false where the file is gone when the program ends, as in a demonstration.
        """
        self.account = account
        self.path = path or default_path()
        self.lasting = lasting

    @property
    def place(self) -> str:
        """The path for a person, `~` for the home folder; empty for a file that does not last."""
        if not self.lasting:
            return ""
        try:
            return f"~{os.sep}{self.path.relative_to(Path.home())}"
        except (ValueError, RuntimeError):
            return str(self.path)

    def begin(self, titles: Mapping[str, str | None]) -> DeletionRecord:
        """Record that threads are to be deleted: their ids in order, and the true title of each,
        None where it has none or nobody knows it. Raises `AuditError`."""
        deletion_id = os.urandom(8).hex()
        row = _row(self.account, deletion_id)
        threads = [{"id": name, "title_sha256": _hash(title)} for name, title in titles.items()]
        begun = {"record": "begun", "time": _now(), **row, "pid": os.getpid(), "threads": threads}
        try:
            make_folder(self.path.parent)
            # Held until the end, so that a later start can tell a deletion that was broken off
            # from one that is under way.
            hold = FileLock.take(self._hold_path(deletion_id))
        except OSError as error:
            raise self._trouble(error) from error
        assert hold is not None  # noqa: S101 # nobody else knows the id yet
        try:
            self.append([begun])
        except AuditError:
            hold.let_go()
            raise
        return DeletionRecord(self, row, hold)

    def append(self, rows: list[dict[str, Any]]) -> None:
        """Add lines that are on the disk afterwards. Raises `AuditError`."""
        try:
            with locked(self.path):
                check_file(self.path)
                append_lines(self.path, rows, durable=True)
        except OSError as error:
            raise self._trouble(error) from error

    def all(self) -> list[PastDeletion]:
        """Every deletion, the newest first. Raises `AuditError` when the file cannot be read."""
        return self._read()[::-1]

    @property
    def size(self) -> int:
        """Bytes of the file; 0 when it is not there."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def claim_untold(self, last: int | None = None) -> list[UnreportedDeletion]:
        """Return the deletions whose end was not reported, however they ended, the newest last.

        With `last`, only those that the last so many bytes of the file begin with. A deletion that
        a program is in the middle of is left to it. There are none while another program reports.
        Raises `AuditError` when the file cannot be read.
        """
        found = self._read(last, untold=True)
        if not found:
            return []
        try:
            hold = FileLock.take(self._hold_path("report"))
        except OSError as error:
            raise self._trouble(error) from error
        if hold is None:
            return []
        try:
            over = {past.id for past in found if self._is_over(past.id)}
            # Once more: another program may have reported some meanwhile, and the last lines of a
            # deletion may have come before its lock was given up.
            pasts = [past for past in self._read(last, untold=True) if past.id in over]
        except BaseException:
            hold.let_go()
            raise
        turn = _Turn(hold, [past.id for past in pasts])
        turn.settle("")  # given up at once when there is nothing to report
        return [UnreportedDeletion(self, past, turn) for past in pasts]

    def tell(self, reports: Mapping[UnreportedDeletion, Mapping[str, ThreadOutcome]]) -> None:
        """Record that deletions are being reported, with what a look-up showed of each.

        A record that cannot be written is no reason not to report them; a later start does so
        again then.
        """
        with suppress(AuditError):
            self.append(
                [line for claim, found in reports.items() for line in claim.told_lines(found)]
            )
        for claim in reports:
            claim.leave()

    def _is_over(self, deletion_id: str) -> bool:
        """Whether no program is in the middle of a deletion: once so, it stays so."""
        try:
            hold = FileLock.take(self._hold_path(deletion_id))
        except OSError as error:
            raise self._trouble(error) from error
        if hold is not None:
            hold.let_go()
        return hold is not None

    def _hold_path(self, deletion_id: str) -> Path:
        return self.path.with_name(f"deletion-{deletion_id}.lock")

    def _read(self, last: int | None = None, *, untold: bool = False) -> list[PastDeletion]:
        """The deletions that the file begins to tell of, or the last so many bytes of it; with
        `untold`, those alone whose end was not reported."""
        try:
            check_file(self.path)
            with self.path.open("rb") as file:
                if last is not None:
                    file.seek(max(0, os.fstat(file.fileno()).st_size - last))
                start = file.tell()
                pending = _pending(file) if untold else None
                file.seek(start)
                pasts = _deletions(_rows(file, pending))
                return [past for past in pasts if not (untold and past.told)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._trouble(error) from error

    def _trouble(self, error: OSError) -> AuditError:
        cause = f"{self.place or self.path}: {error.strerror or type(error).__name__}"
        return AuditError(
            f"The record of deletions cannot be kept ({cause}); without it nothing is deleted.",
            cause=cause,
        )


def _pending(lines: Iterable[bytes]) -> set[bytes]:
    """Return the ids of the deletions that begin there and whose end was not reported.

    The lines of single threads, nearly all of a long file, are not parsed.
    """
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
    """Yield the lines of these deletions, by default of all."""
    for line in lines:
        found = None if pending is None else _DELETION.search(line)
        if pending is None or (found and found[1] in pending):
            yield parse_line(line)


def _deletions(rows: Iterable[dict[str, Any]]) -> list[PastDeletion]:
    found: dict[str, _Told] = {}
    for row in rows:
        deletion_id, record = row.get("deletion"), row.get("record")
        if not isinstance(deletion_id, str) or not re.fullmatch(r"[0-9a-f]{1,64}", deletion_id):
            continue
        if record == "begun":
            found[deletion_id] = _Told(
                row, dict.fromkeys(_ids(row), ThreadOutcome(Outcome.NOT_TRIED))
            )
        elif deletion_id in found:
            _take_in(found[deletion_id], record, row)
    return [
        PastDeletion(
            deletion_id,
            str(told.begun.get("time")),
            _account(told.begun),
            {**told.fates, **told.looked_up},
            ended=told.ended,
            told=told.told,
        )
        for deletion_id, told in found.items()
        if told.fates
    ]


def _take_in(told: _Told, record: object, row: Mapping[str, Any]) -> None:
    thread = row.get("thread")
    if record == "ended":
        told.ended = True
        told.told = told.told or row.get("seen") is True
    elif record == "told":
        told.told = True
    elif not isinstance(thread, str) or thread not in told.fates:
        return
    elif record == "asked":
        told.fates[thread] = ThreadOutcome(Outcome.UNKNOWN, "cut short before it was answered")
    elif record in ("answered", "looked_up") and row.get("result") in tuple(Outcome):
        request_id = row.get("request_id")
        fate = ThreadOutcome(
            Outcome(row["result"]),
            str(row.get("reason") or ""),
            request_id if isinstance(request_id, str) else None,
        )
        (told.fates if record == "answered" else told.looked_up)[thread] = fate


def _ids(begun: Mapping[str, Any]) -> Iterator[str]:
    threads = begun.get("threads")
    for thread in threads if isinstance(threads, list) else ():
        if isinstance(thread, dict) and isinstance(thread.get("id"), str):
            yield thread["id"]


_ACCOUNT: Sequence[str] = ("host", "profile", "project", "organization", "key")


def _account(row: Mapping[str, Any]) -> JournalAccount:
    known = {name: row[name] for name in _ACCOUNT if isinstance(row.get(name), str)}
    return JournalAccount(**{"host": "", **known})


def _row(account: JournalAccount, deletion_id: str) -> dict[str, Any]:
    """What every line of a deletion has."""
    return {"deletion": deletion_id, **{name: getattr(account, name) for name in _ACCOUNT}}


def _fields(fate: ThreadOutcome) -> dict[str, Any]:
    # A server chooses its request ids; one that could be anything else is left out.
    known = fate.request_id if _REQUEST_ID.fullmatch(fate.request_id or "") else None
    return {
        "result": fate.outcome.value,
        "reason": fate.reason,
        "request_id": None if known and holds_secret(known) else known,
    }


def _hash(title: str | None) -> str | None:
    if title is None:
        return None
    from hashlib import sha256

    return sha256(title.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
