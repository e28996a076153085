"""Keys pressed while Textual is being imported: answered at once, then processed as ever."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chatkit_tui.emulator import Emulator
from tests.benchmarks.programs import serving_self_hosted
from tests.pty_terminal import Terminal
from tests.ui.terminal_modes import changed_modes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")

WAITING = """
import os, sys
def heard(event, arguments):
    if event == "import" and arguments[0] == "textual":
        with open(os.environ["GATE"]): pass
sys.addaudithook(heard)
from chatkit_tui.cli.main import run
from chatkit_tui.terminal import renderer
renderer.MAX_HOLD = 60  # however busy the machine is
sys.exit(run(sys.argv[1:]))
"""
"""The program, which imports Textual once the gate was opened for writing."""
FIRST, SECOND = "Flight TP 576", "(untitled)"
"""The titles of the first two threads."""


class Early(Terminal):
    """A terminal with a program that waits before it imports Textual."""

    gate: Path

    def go_on(self) -> None:
        self.gate.write_bytes(b"")

    def bar(self) -> int:
        """The line with the bar of the cursor; -1 if it is on none."""
        bars = [number for number, line in enumerate(self.screen()) if line.startswith("▌")]
        return bars[0] if len(bars) == 1 else -1

    def wait_for_bar(self, line: int) -> None:
        self.wait_until(lambda _: self.bar() == line)


@contextmanager
def early(
    folder: Path, *arguments: str, rows: int = 24, environment: dict[str, str] | None = None
) -> Iterator[Early]:
    gate = folder / "gate"
    os.mkfifo(gate)
    command = [sys.executable, "-c", WAITING, *arguments]
    variables = {**(environment or {}), "GATE": str(gate)}
    with Early(command, rows=rows, environment=variables) as terminal:
        terminal.gate = gate
        yield terminal


def test_a_movement_is_answered_and_stays(tmp_path: Path) -> None:
    with early(tmp_path, "--demo") as terminal:
        terminal.wait_for(FIRST)
        terminal.send("j")
        terminal.wait_for_bar(3)
        answered = terminal.screen()
        since = len(terminal.written)
        terminal.go_on()
        terminal.wait_until(lambda lines: "2/60" in lines[-2])
        assert terminal.bar() == 3
        assert terminal.screen()[0] == answered[0]
        later = b"".join(data for _, data in terminal.written[since:])
        assert FIRST.encode() not in later  # else the bar went back for a moment
        terminal.send("j")
        terminal.wait_until(lambda lines: "3/60" in lines[-2])


@pytest.mark.parametrize(
    ("keys", "rows", "answer", "position"),
    [
        ("jj\x1b[Bk", 24, 4, "3/60"),
        ("j" * 12, 12, 9, " 13"),  # beyond the last row that is drawn
        ("kkk", 24, 2, "1/60"),
        ("jG", 24, 3, "60/60"),
        ("j\x1b[", 24, 3, "3/60"),  # a sequence that goes on later
        ("jj\x1b[200~jD\x1b[201~", 24, 4, "3/60"),
        ("\x1b[?62;22cj", 24, 2, "2/60"),  # a reply
    ],
)
def test_all_keys_are_processed(
    tmp_path: Path, keys: str, rows: int, answer: int, position: str
) -> None:
    with early(tmp_path, "--demo", rows=rows) as terminal:
        terminal.wait_for(FIRST)
        terminal.send(keys)
        terminal.wait_for_bar(answer)
        if keys.endswith("["):
            terminal.send("B")
        terminal.go_on()
        terminal.wait_until(lambda lines: position in lines[-2])
        assert "Delete" not in "".join(terminal.screen()[:-1])


def test_keys_in_front_of_the_end_of_a_paste_were_pasted(tmp_path: Path) -> None:
    with early(tmp_path, "--demo") as terminal:
        terminal.wait_for(FIRST)
        terminal.send("jj\r")
        terminal.wait_for_bar(4)
        terminal.send("\x1b[201~")  # not read before Textual runs
        terminal.go_on()
        terminal.wait_for_bar(2)
        terminal.catch_up()
        terminal.wait_until(lambda lines: "1/60" in lines[-2])


def test_a_remapped_key_is_answered(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[keys]\ncursor_down = "n"\n')
    with early(tmp_path, "--demo", environment={"CHATKIT_TUI_CONFIG": str(config)}) as terminal:
        terminal.wait_for(FIRST)
        terminal.send("nj")
        terminal.wait_for_bar(3)
        terminal.go_on()
        terminal.wait_until(lambda lines: "2/60" in lines[-2])


def test_a_deletion_asks_about_the_thread_that_the_bar_is_on(tmp_path: Path) -> None:
    with early(tmp_path, "--demo") as terminal:
        terminal.wait_for(FIRST)
        terminal.send("jDyDyy")
        terminal.wait_for_bar(3)
        terminal.go_on()
        terminal.wait_until(lambda lines: any("Delete" in line for line in lines[4:-2]))
        terminal.rest(0.3)
        assert any(SECOND in line for line in terminal.screen()[4:-2])
        assert FIRST in terminal.screen()[2]
        terminal.send("\x1b")
        terminal.wait_until(lambda lines: "2/60" in lines[-2])


def test_interrupting_leaves_and_restores_the_terminal(tmp_path: Path) -> None:
    with early(tmp_path, "--demo") as terminal:
        terminal.wait_for(FIRST)
        terminal.send("j")
        terminal.wait_for_bar(3)
        terminal.send("\x03")
        terminal.go_on()
        assert terminal.exit_code() == 130
        assert terminal.attributes() == terminal.untouched
        assert changed_modes(b"".join(data for _, data in terminal.written)) == {}


def test_a_resize_ends_the_answers_and_loses_no_key(tmp_path: Path) -> None:
    with early(tmp_path, "--demo") as terminal:
        terminal.wait_for(FIRST)
        terminal.send("j")
        terminal.wait_for_bar(3)
        terminal.resize(70, 20)
        terminal.send("j")
        terminal.go_on()
        terminal.wait_until(lambda lines: "3" in lines[-2][-5:])
        assert [line[0] for line in terminal.screen()[2:9]] == [*"    ▌▌ "]  # two lines each
        assert FIRST in terminal.screen()[2]


def test_an_empty_list_answers_nothing(tmp_path: Path) -> None:
    with early(tmp_path, "--demo", "--user", "no-such-user") as terminal:
        terminal.wait_for("ChatKit")
        terminal.send("jj")
        terminal.go_on()
        terminal.wait_until(lambda lines: any("no-such-user" in line for line in lines))
        terminal.send("q")
        assert terminal.exit_code() == 0


def test_the_key_of_a_thread_that_is_opened_is_for_its_items(tmp_path: Path) -> None:
    emulator = Emulator()
    with early(tmp_path, "--demo", emulator.thread_id()) as terminal:
        terminal.wait_for("ChatKit")
        terminal.send("k")
        terminal.go_on()
        terminal.wait_until(lambda lines: FIRST in lines[1])
        terminal.send("q")
        assert terminal.exit_code() == 0


def test_other_sources_answer_too(tmp_path: Path, demo_archive: Path) -> None:
    with serving_self_hosted() as address:
        for source in (("--archive", str(demo_archive)), ("--server", address)):
            folder = tmp_path / source[0]
            folder.mkdir()
            with early(folder, *source) as terminal:
                terminal.wait_for_bar(2)
                terminal.send("j")
                terminal.wait_for_bar(3)
                terminal.go_on()
                terminal.wait_until(lambda lines: "2/" in lines[-2])
                assert terminal.bar() == 3
                terminal.send("q")
                assert terminal.exit_code() == 0
