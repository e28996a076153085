"""Leaving in the middle of a deletion, on a real terminal against the built-in API on loopback."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount
from chatkit_tui.sources.base import Outcome
from tests.fork_server import Program
from tests.held_emulator import HeldEmulator
from tests.pty_terminal import Terminal
from tests.ui.terminal_modes import changed_modes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")

PROGRAM = Program()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (None, 130)])
def test_a_deletion_under_way_is_finished_and_the_next_is_not_begun(
    emulator: HeldEmulator, address: str, number: int | None, code: int
) -> None:
    environment = {"OPENAI_BASE_URL": address, "OPENAI_API_KEY": "sk-demo-not-a-real-key"}
    with Terminal(PROGRAM, environment=environment) as terminal:
        terminal.wait_for("loaded")
        newest = emulator.thread_id(-1)
        terminal.send("  D")
        terminal.wait_for("Nothing brings them back")
        emulator.hold()
        terminal.send_until(lambda: "Esc stops after" in "".join(terminal.screen()), "y")
        while not any(request.method == "DELETE" for request in emulator.requests):
            terminal.rest(0.05)  # the dialog says so before the first call is sent
        if number is None:
            terminal.send("\x03")
        else:
            terminal.signal(number)
        terminal.wait_for("Stopping after the current one")
        emulator.release()
        assert terminal.exit_code() == code
        assert changed_modes(b"".join(data for _, data in terminal.written)) == {}
    deleted = [request.path for request in emulator.requests if request.method == "DELETE"]
    assert [path.rpartition("/")[2] for path in deleted] == [newest]
    assert not emulator.library.exists(len(emulator.library) - 1)
    record = Path.home() / ".local" / "state" / "chatkit-tui" / "deletions.jsonl"
    [past] = DeletionJournal(JournalAccount(""), record).all()
    assert [fate.outcome for fate in past.outcomes.values()] == [Outcome.DELETED, Outcome.NOT_TRIED]
    assert past.ended
    assert not past.reported  # the user did not see it: the next start reports it
