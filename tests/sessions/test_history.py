"""The history of sessions in a file."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
import sys
from pathlib import Path

import pytest

from chatkit_tui.models.sessions import Session
from chatkit_tui.sessions import history as history_module
from chatkit_tui.sessions.history import MAX_SESSIONS, SessionHistory, SessionRecord

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes and locks of POSIX")


def record(number: int = 1, **changes: object) -> SessionRecord:
    """A record of a session."""
    values = {
        "id": f"cksess_{number}",
        "user": "ada",
        "workflow": "wf_1",
        "expires_at": 1_700_000_600,
        "created_at": 1_700_000_000,
        "host": "api.openai.com",
        "status": "active",
    }
    return SessionRecord(**{**values, **changes})  # type: ignore[arg-type]  # test data


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The path of the history, which does not exist, nor its folder."""
    return tmp_path / "state" / "sessions.jsonl"


def test_a_missing_history_is_empty(path: Path) -> None:
    history = SessionHistory(path)
    assert history.all() == []
    assert history.file_error is None
    assert not path.parent.exists()


def test_sessions_survive_a_restart_newest_first(path: Path) -> None:
    for number in range(3):
        SessionHistory(path).add(record(number))
    assert SessionHistory(path).all() == [record(2), record(1), record(0)]


def test_a_new_status_survives_a_restart(path: Path) -> None:
    history = SessionHistory(path)
    history.add(record(1))
    history.add(record(2))
    history.mark("cksess_1", "cancelled")
    assert [(found.id, found.status) for found in SessionHistory(path).all()] == [
        ("cksess_2", "active"),
        ("cksess_1", "cancelled"),
    ]


def test_a_session_from_elsewhere_is_not_marked(path: Path) -> None:
    history = SessionHistory(path)
    history.add(record(1))
    before = path.read_bytes()
    history.mark("cksess_other", "cancelled")
    assert path.read_bytes() == before


def test_sessions_without_an_id_are_reported_apart_by_their_lines(path: Path) -> None:
    history = SessionHistory(path)
    history.add(record(id="", user="ada"))
    history.add(record(id="", user="ben"))
    assert [found.user for found in history.all()] == ["ben", "ada"]


def test_a_record_of_a_session_contains_no_secret(path: Path) -> None:
    session = Session.from_json(
        b'{"id": "cksess_1", "client_secret": "ek_very_secret", "user": "ada",'
        b' "status": "active", "expires_at": 1700000600, "workflow": {"id": "wf_1"}}'
    )
    made = SessionRecord.of(session, created_at=1_700_000_000, host="api.openai.com")
    assert made == record(1)
    SessionHistory(path).add(made)
    assert "ek_very" not in path.read_text()


def test_only_their_owner_can_read_the_file_and_its_folder(path: Path) -> None:
    SessionHistory(path).add(record())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    path.parent.mkdir()
    path.touch(mode=0o644)
    SessionHistory(path).add(record())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "broken",
    [
        b'{"id": "cksess_9", "user',
        b"\xff\xfe\n",
        b"[1, 2]\n",
        b'{"id": 7, "status": "active"}\n',
        b'{"id": "cksess_9", "user": 3, "workflow": null, "expires_at": null,'
        b' "created_at": 1, "host": "h", "status": "active"}\n',
        b"[" * 100_000 + b"\n",
        b"\n\n",
    ],
)
def test_a_broken_line_invalidates_only_itself(path: Path, broken: bytes) -> None:
    history = SessionHistory(path)
    history.add(record(1))
    with path.open("ab") as file:
        file.write(broken)
    history.add(record(2))
    assert history.all() == [record(2), record(1)]


def test_fields_of_a_later_version_are_passed_over(path: Path) -> None:
    SessionHistory(path).add(record(1))
    row = json.loads(path.read_text())
    path.write_text(json.dumps({**row, "colour": "red"}) + "\n")
    assert SessionHistory(path).all() == [record(1)]


def test_a_large_history_keeps_the_newest_sessions(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "COMPACT_SIZE", 0)
    monkeypatch.setattr(history_module, "MAX_SESSIONS", 3)
    history = SessionHistory(path)
    for number in range(6):
        history.add(record(number))
    assert history.all() == [record(5), record(4), record(3)]
    assert len(path.read_text().splitlines()) == 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {file.name for file in path.parent.iterdir()} == {path.name, f"{path.name}.lock"}


def test_the_limit_keeps_the_file_small() -> None:
    assert MAX_SESSIONS == 500
    assert history_module.COMPACT_SIZE <= 1024 * 1024


def _add_many(path: Path, first: int, count: int) -> None:
    history_module.COMPACT_SIZE = 4_000
    history = SessionHistory(path)
    for number in range(first, first + count):
        history.add(record(number))


def test_programs_that_write_at_the_same_time_lose_no_session(path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    programs = [
        context.Process(target=_add_many, args=(path, 1000 * number, 40)) for number in range(3)
    ]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    expected = {f"cksess_{1000 * program + number}" for program in range(3) for number in range(40)}
    assert {found.id for found in SessionHistory(path).all()} == expected


def test_sessions_that_cannot_be_written_are_kept_in_memory(path: Path) -> None:
    path.parent.parent.joinpath("state").write_text("a file where the folder should be")
    history = SessionHistory(path)
    history.add(record(1))
    history.mark("cksess_1", "cancelled")
    assert history.all() == [record(1, status="cancelled")]
    assert history.file_error is not None
    assert "cannot be" in history.file_error


def test_an_unwritten_session_is_written_with_the_next(path: Path) -> None:
    obstacle = path.parent
    obstacle.write_text("")
    history = SessionHistory(path)
    history.add(record(1))
    obstacle.unlink()
    history.add(record(2))
    assert history.file_error is None
    assert SessionHistory(path).all() == [record(2), record(1)]


def test_the_history_is_in_the_state_folder_of_the_platform(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert SessionHistory().path.name == "sessions.jsonl"
    assert tmp_path in SessionHistory().path.parents
    assert not os.path.lexists(SessionHistory().path)
