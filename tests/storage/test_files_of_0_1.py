"""Files that an earlier version wrote are read as that version read them.

`data/` holds a journal of deletions, a history of sessions and a configuration file of the first
version (0.1.0 before its release), and in `.txt` files what it printed of them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from chatkit_tui.sessions.history import SessionHistory, SessionRecord
from tests.cli.conftest import Command
from tests.cli.conftest import chatkit as chatkit

DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def _files() -> None:
    """The files where the program looks for them."""
    for folder, names in (
        ("XDG_STATE_HOME", ("deletions.jsonl", "sessions.jsonl")),
        ("XDG_CONFIG_HOME", ("config.toml",)),
    ):
        path = Path(os.environ[folder]) / "chatkit-tui"
        path.mkdir(parents=True)
        for name in names:
            shutil.copy(DATA / name, path)


def test_deletions_are_listed_with_the_same_words(chatkit: Command) -> None:
    assert chatkit("threads", "deletions").output == (DATA / "deletions.txt").read_text()


def test_every_setting_has_the_same_value_from_the_same_line(chatkit: Command) -> None:
    then = (DATA / "config.txt").read_text().splitlines()
    now = chatkit("config", "show").output.splitlines()
    assert [line for line in now if line in then] == then


def test_sessions_are_remembered_with_their_last_status() -> None:
    host, workflow = "127.0.0.1:8193", "wf_support"
    cancelled, active = (
        "cksess_6b0b325e0fdc834b9b142e451878968f90aaf31de1a80d60",
        "cksess_6b0b3264746bc0a93aaab99c67a8bd8689f84323df88c2bd",
    )
    assert SessionHistory().all() == [
        SessionRecord(active, 'b"ü', workflow, 1795896508, 1795895908, host, "active"),
        SessionRecord(cancelled, "ada", workflow, 1795896502, 1795895902, host, "cancelled"),
    ]
