"""The journal of deletions as a file, also with unexpected content."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount, ThreadOutcome
from chatkit_tui.errors import JournalError
from chatkit_tui.sources.base import Outcome
from chatkit_tui.storage import private_file
from chatkit_tui.storage.private_file import FileLock, locked

HERE = JournalAccount("api.invalid", "live", "proj_1", "org_1", "-key")


@pytest.fixture
def journal(tmp_path: Path) -> DeletionJournal:
    """An empty journal."""
    return DeletionJournal(HERE, tmp_path / "state" / "deletions.jsonl")


def deleted(journal: DeletionJournal, *thread_ids: str) -> None:
    """Record a successful deletion."""
    record = journal.begin(dict.fromkeys(thread_ids))
    for name in thread_ids:
        record.asked(name)
        record.answered(name, ThreadOutcome(Outcome.DELETED, "", f"req_{name}"))
    record.end([], "", seen=True)
    record.close()


def count_unreported(journal: DeletionJournal, last: int | None = None) -> int:
    """Return the number of deletions that a start would report."""
    with journal.claim_unreported(last) as unreported:
        return len(unreported)


def test_a_line_that_was_cut_short_is_ignored(journal: DeletionJournal) -> None:
    deleted(journal, "a")
    with journal.path.open("ab") as file:
        file.write(b'{"record": "begun", "deletion": "ab')
    deleted(journal, "b")
    assert [list(past.outcomes) for past in journal.all()] == [["b"], ["a"]]


@pytest.mark.parametrize(
    "line",
    [
        b"[1]",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"record": "begun", "deletion": "../../etc/passwd", "threads": [{"id": "a"}]}',
        b'{"record": "begun", "deletion": "ab", "threads": 7, "time": 7, "host": 7}',
        b'{"record": "answered", "deletion": "ab", "thread": "a", "result": "deleted"}',
        b'{"record": ["begun"], "deletion": "ab"}',
    ],
)
def test_an_unknown_line_invalidates_only_itself(journal: DeletionJournal, line: bytes) -> None:
    deleted(journal, "a")
    with journal.path.open("ab") as file:
        file.write(line + b"\n")
    deleted(journal, "b")
    assert [list(past.outcomes) for past in journal.all()] == [["b"], ["a"]]
    with journal.claim_unreported() as unreported:
        journal.mark_reported({past.id: {} for past in unreported})
    assert count_unreported(journal) == 0


def test_an_unknown_result_leaves_the_thread_unknown(
    journal: DeletionJournal,
) -> None:
    record = journal.begin({"a": None})
    record.asked("a")
    row = {"record": "answered", "deletion": journal.all()[0].id, "thread": "a", "result": ["new"]}
    journal.append([row])
    record.close()
    assert journal.all()[0].unknown == ["a"]


def test_the_end_of_a_long_journal_is_enough_for_a_deletion_that_begins_there(
    journal: DeletionJournal,
) -> None:
    for number in range(20):
        deleted(journal, f"cthr_{number}")
    journal.begin({"last": None}).close()
    with journal.claim_unreported(last=1500) as [past]:
        assert list(past.outcomes) == ["last"]
    assert count_unreported(journal) == 1


def test_the_account_and_a_title_with_a_lone_surrogate_are_recorded(
    journal: DeletionJournal,
) -> None:
    record = journal.begin({"a": "\ud800", "b": ""})
    record.close()
    [past] = journal.all()
    assert past.account == HERE
    begun = json.loads(journal.path.read_text())
    assert all(len(thread["title_sha256"]) == 64 for thread in begun["threads"])


def test_a_journal_that_cannot_be_read_is_reported_with_its_path(journal: DeletionJournal) -> None:
    journal.path.mkdir(parents=True)
    with pytest.raises(JournalError, match=r"deletions\.jsonl: Is a directory"):
        journal.all()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_pipe_or_a_device_is_neither_read_nor_written(
    journal: DeletionJournal, kind: str
) -> None:
    journal.path.parent.mkdir(parents=True)
    if kind == "pipe":
        os.mkfifo(journal.path)
    else:
        journal.path.symlink_to("/dev/zero")
    with pytest.raises(JournalError, match=r"deletions\.jsonl: not a file"):
        journal.all()
    with pytest.raises(JournalError, match=r"deletions\.jsonl: not a file"):
        journal.begin({"a": None})


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is locked there")
def test_a_journal_that_stays_locked_is_given_up(
    journal: DeletionJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    deleted(journal, "a")
    monkeypatch.setattr(private_file, "LOCK_TIMEOUT", 0.05)
    with locked(journal.path), pytest.raises(JournalError, match="another program keeps it locked"):
        journal.begin({"b": None})
    assert [list(past.outcomes) for past in journal.all()] == [["a"]]
    assert [path.name for path in journal.path.parent.glob("deletion-*")] == []


# -- a long file, and many deletions that were not reported ----------------------------------------


def test_a_deletion_that_began_far_up_is_found_in_the_whole_file(
    journal: DeletionJournal,
) -> None:
    names = [f"cthr_{number:048x}" for number in range(300)]
    record = journal.begin(dict.fromkeys(names))
    row = {"deletion": journal.all()[0].id, "result": "deleted"}
    kinds = ("asked", "answered")
    journal.append([{**row, "record": kind, "thread": name} for name in names for kind in kinds])
    record.close()
    assert count_unreported(journal, last=journal.size // 2) == 0
    with journal.claim_unreported() as [past]:
        assert [entry.outcome for entry in past.outcomes.values()] == [Outcome.DELETED] * 300
        journal.mark_reported({past.id: {}})
    assert count_unreported(journal) == 0


def descriptors() -> int:
    """Return the number of open files of this process."""
    return len(list(Path("/dev/fd").iterdir()))


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors cannot be counted there")
def test_many_claims_use_one_descriptor_and_leave_no_file(journal: DeletionJournal) -> None:
    for number in range(30):
        journal.begin({f"cthr_{number}": None}).close()
    before = descriptors()
    other = DeletionJournal(HERE, journal.path)  # of another program
    with journal.claim_unreported() as unreported:
        assert (len(unreported), descriptors() - before) == (30, 1)
        assert count_unreported(other) == 0
        journal.mark_reported({past.id: {} for past in unreported[:-1]})
        assert count_unreported(other) == 0
    with other.claim_unreported() as [left]:
        assert list(left.outcomes) == ["cthr_29"]
        other.mark_reported({left.id: {}})
    assert descriptors() == before
    assert sorted(path.name for path in journal.path.parent.iterdir()) == [
        "deletions.jsonl",
        "deletions.jsonl.lock",
    ]


def test_a_released_lock_is_not_taken_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    first = FileLock.take(path)
    assert first is not None
    waiting = os.open(path, os.O_RDWR)  # opened before it is given up, locked afterwards
    first.release()
    second = FileLock.take(path)
    assert second is not None
    assert private_file._try_lock(waiting)
    assert not private_file._is_at(path, waiting)
    os.close(waiting)
    second.release()


IDS = st.sampled_from(["a1", "b2", "c3", "../d", "\ud800", ""])
ROWS = st.fixed_dictionaries(
    {"record": st.sampled_from(["begun", "asked", "answered", "ended", "looked_up", "told", 7])},
    optional={
        "deletion": IDS | st.integers(),
        "threads": st.lists(st.fixed_dictionaries({"id": IDS}), max_size=3) | st.none(),
        "thread": IDS,
        "result": st.sampled_from([*Outcome, "new", None]),
        "reason": st.text(max_size=5),
        "seen": st.booleans() | st.just("yes"),
    },
)
LINES = st.one_of(ROWS.map(lambda row: json.dumps(row).encode()), st.binary(max_size=40))


@given(st.lists(LINES, max_size=30), st.integers(0, 2_000))
def test_unreported_deletions_are_the_same_if_few_lines_are_parsed(
    lines: list[bytes], last: int
) -> None:
    with TemporaryDirectory() as folder:
        journal = DeletionJournal(HERE, Path(folder) / "deletions.jsonl")
        journal.path.write_bytes(b"\n".join(lines))
        assert journal._read(unreported=True) == [
            past for past in journal._read() if not past.reported
        ]
        ids = {past.id for past in journal._read()}
        assert {past.id for past in journal._read(last, unreported=True)} <= ids
