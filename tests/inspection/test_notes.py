"""Bookmarks and notes: the file, also with unexpected content and with two programs at once."""

from __future__ import annotations

import json
import multiprocessing
import stat
from pathlib import Path

import pytest

from chatkit_tui.errors import NoteChangedError, NotesError
from chatkit_tui.inspection import notes
from chatkit_tui.inspection.notes import MAX_LENGTH, NO_NOTE, Note, NoteStore

HOST = "api.invalid"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file in a folder that does not exist yet."""
    return tmp_path / "chatkit-tui" / "notes.jsonl"


def read(path: Path, source: str = HOST) -> NoteStore:
    """Return the notes that another program would read."""
    store = NoteStore(source, path)
    store.load()
    return store


def test_a_bookmark_and_a_note_are_kept_apart_and_removed_apart(path: Path) -> None:
    store = NoteStore(HOST, path)
    store.bookmark("cthr_1", is_bookmarked=True)
    store.write("cthr_1", "  refund promised ")
    assert (
        read(path).of("cthr_1") == store.of("cthr_1") == Note("refund promised", is_bookmarked=True)
    )
    store.bookmark("cthr_1", is_bookmarked=False)
    assert read(path).all() == {"cthr_1": Note("refund promised")}
    store.write("cthr_1", "")
    assert read(path).of("cthr_1") is NO_NOTE
    assert not read(path).all()


def test_each_source_has_its_own(path: Path) -> None:
    NoteStore(HOST, path).write("cthr_1", "here")
    NoteStore("archive.db", path).write("cthr_1", "there")
    assert read(path).of("cthr_1").text == "here"
    assert read(path, "archive.db").of("cthr_1").text == "there"


def test_only_the_owner_can_read_file_and_folder(path: Path) -> None:
    NoteStore(HOST, path).write("cthr_1", "private")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_secrets_of_the_program_are_redacted(path: Path) -> None:
    store = NoteStore(HOST, path)
    key = "sk-" + "proj-" + "A1b2C3d4" * 6
    store.write("cthr_1", f"they sent {key}")
    assert key not in path.read_text()
    assert key not in store.of("cthr_1").text
    with path.open("a") as file:  # by hand
        file.write(json.dumps({"source": HOST, "thread": "cthr_2", "note": key}) + "\n")
    assert key not in read(path).of("cthr_2").text


@pytest.mark.parametrize(
    "line",
    [
        b'{"source": "api.invalid", "thread": "cthr_1", "no',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"source": "api.invalid", "thread": 7, "note": "x"}',
        b'{"source": "api.invalid", "thread": "cthr_1", "note": 7}',
        b'{"record": "of another program"}',
    ],
)
def test_foreign_lines_are_skipped_and_kept(
    path: Path, line: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "COMPACT_SIZE", 1)
    store = NoteStore(HOST, path)
    store.write("cthr_1", "first")
    with path.open("ab") as file:
        file.write(line)  # without an end of line
    for number in range(20):
        store.write("cthr_1", f"note {number}")
    assert line in path.read_bytes().split(b"\n")
    assert read(path).all() == {"cthr_1": Note("note 19")}


def test_a_line_of_a_later_version_counts_and_keeps_its_fields(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "COMPACT_SIZE", 1)
    store = NoteStore(HOST, path)
    store.write("cthr_1", "old")
    row = {"source": HOST, "thread": "cthr_1", "note": "newer", "color": "red"}
    with path.open("a") as file:
        file.write(json.dumps(row) + "\n")
    assert read(path).of("cthr_1").text == "newer"
    for number in range(20):
        store.bookmark("cthr_1", is_bookmarked=bool(number % 2))
    assert json.dumps(row) in path.read_text().splitlines()
    assert read(path).of("cthr_1") == Note("newer", is_bookmarked=True)


def test_a_large_file_is_compacted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "COMPACT_SIZE", 2_000)
    store = NoteStore(HOST, path)
    store.bookmark("cthr_2", is_bookmarked=True)
    for number in range(100):
        store.write("cthr_1", f"note {number}")
        assert path.stat().st_size < 4_000
    assert read(path).all() == {"cthr_2": Note(is_bookmarked=True), "cthr_1": Note("note 99")}


def test_a_note_that_was_changed_elsewhere_is_not_replaced_unseen(path: Path) -> None:
    store = NoteStore(HOST, path)
    store.write("cthr_1", "mine")
    NoteStore(HOST, path).write("cthr_1", "theirs")
    with pytest.raises(NoteChangedError) as raised:
        store.write("cthr_1", "mine, longer", before="mine")
    assert raised.value.text == read(path).of("cthr_1").text == "theirs"
    store.write("cthr_1", "both", before="theirs")
    assert read(path).of("cthr_1").text == "both"


def test_limits(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = NoteStore(HOST, path)
    with pytest.raises(NotesError, match="at most 2,000 characters: remove 1 character"):
        store.write("cthr_1", "x" * (MAX_LENGTH + 1))
    assert not path.exists()
    monkeypatch.setattr(notes, "MAX_THREADS", 2)
    store.bookmark("cthr_1", is_bookmarked=True)
    NoteStore("another.invalid", path).write("cthr_1", "x")
    store.write("cthr_1", "one more line on a thread that counts already")
    with pytest.raises(NotesError, match="2 threads have a bookmark or a note already"):
        store.bookmark("cthr_2", is_bookmarked=True)
    store.write("cthr_1", "")
    store.bookmark("cthr_1", is_bookmarked=False)
    store.bookmark("cthr_2", is_bookmarked=True)


def test_a_file_that_cannot_be_used_is_reported(path: Path) -> None:
    path.mkdir(parents=True)
    store = NoteStore(HOST, path)
    with pytest.raises(NotesError, match=r"cannot be read .*notes\.jsonl"):
        store.load()
    with pytest.raises(NotesError, match="cannot be written"):
        store.write("cthr_1", "x")
    assert store.of("cthr_1") is NO_NOTE


def test_a_change_by_another_program_is_noticed(path: Path) -> None:
    store = read(path)
    assert not store.has_changed()
    NoteStore(HOST, path).write("cthr_1", "theirs")
    assert store.has_changed()
    store.load()
    assert not store.has_changed()
    store.write("cthr_1", "mine")
    assert not store.has_changed()


def test_a_demonstration_writes_no_file(path: Path) -> None:
    store = NoteStore(HOST, path, lasting=False)
    store.write("cthr_1", "x")
    store.bookmark("cthr_1", is_bookmarked=True)
    store.load()
    assert store.of("cthr_1") == Note("x", is_bookmarked=True)
    assert not path.parent.exists()


def _write_many(path: Path, number: int, count: int) -> None:
    notes.COMPACT_SIZE = 2_000  # type: ignore[misc]  # so that files are replaced meanwhile
    store = NoteStore(HOST, path)
    for place in range(count):
        store.write(f"cthr_{number}", f"note {place}")
        store.bookmark("cthr_both", is_bookmarked=True)
        store.write(f"cthr_{number}_{place}", "kept")


def test_two_programs_at_once_lose_nothing(path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    programs = [context.Process(target=_write_many, args=(path, number, 30)) for number in (1, 2)]
    for program in programs:
        program.start()
    for program in programs:
        program.join(60)
    assert [program.exitcode for program in programs] == [0, 0]
    found = read(path).all()
    expected = {f"cthr_{number}_{place}" for number in (1, 2) for place in range(30)}
    assert found.keys() == expected | {"cthr_1", "cthr_2", "cthr_both"}
    assert found["cthr_1"].text == found["cthr_2"].text == "note 29"
