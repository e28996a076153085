"""The item and the conversation go to programs, and the keys come back."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.secrets import Secret
from chatkit_tui.ui.child_process import (
    child_environment,
    ending,
    is_full_screen,
    why_not_installed,
)
from tests.held_emulator import HeldEmulator
from tests.ui.conftest import Start


async def test_the_item_is_piped_as_text(start: Start, tmp_path: Path) -> None:
    target = tmp_path / "out"
    async with start(80, 24) as driver:
        await driver.press("enter", "g", "|")
        await driver.paste(f"cat > {target}")
        await driver.press("enter")
        assert driver.is_alone()
        assert driver.status.startswith(" done: item as text to")
        text = target.read_text()
    assert text.startswith("user")
    assert "UTC\n" in text.partition("\n")[0] + "\n"


async def test_the_whole_conversation_is_loaded_before_it_is_piped(
    start: Start, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    emulator = Emulator(threads=1, items=400)
    async with start(80, 24, emulator=emulator) as driver:
        await driver.press("enter", "|")
        await driver.paste(f"cat > {target}")
        await driver.press(*["down"] * 8)
        assert driver.loaded("items") < 400
        await driver.press("enter")
        assert driver.loaded("items") == 400
        value = json.loads(target.read_bytes())
    assert value["has_more"] is False
    assert len(value["data"]) == 400
    times = [item["created_at"] for item in value["data"]]
    assert times == sorted(times)


async def test_loaded_items_are_never_called_the_whole(start: Start, tmp_path: Path) -> None:
    async with start(80, 24, emulator=Emulator(threads=1, items=400)) as driver:
        await driver.press("enter")
        for rows, name in ((3, "text"), (1, "markdown"), (1, "json")):
            await driver.press("|")
            await driver.paste(f"cat > {tmp_path / name}")
            await driver.press("end", *["down"] * rows, "enter")
        assert driver.loaded("items") < 400
    assert "the conversation is not whole" in (tmp_path / "text").read_text()
    assert "(items that are not loaded are missing here)" in (tmp_path / "text").read_text()
    assert "the conversation is not whole" in (tmp_path / "markdown").read_text()
    assert json.loads((tmp_path / "json").read_bytes())["has_more"] is True


async def test_marked_items_are_piped_in_their_order(start: Start, tmp_path: Path) -> None:
    async with start(80, 24) as driver:
        await driver.press("enter", "g", "space", "space")
        for down, name in ((0, "text"), (2, "json")):
            await driver.press("|")
            await driver.paste(f"cat > {tmp_path / name}")
            await driver.press(*["down"] * down, "enter")
        assert driver.status.startswith(" done: marked items as JSON")
        value = json.loads((tmp_path / "json").read_bytes())
        text = (tmp_path / "text").read_text()
    assert [item["created_at"] for item in value["data"]] == sorted(
        item["created_at"] for item in value["data"]
    )
    assert len(value["data"]) == 2
    assert value["has_more"] is True
    assert "items    2 items chosen of the thread\n" in text
    assert "missing here" not in text


async def test_esc_stops_loading_the_rest_and_nothing_runs(start: Start, tmp_path: Path) -> None:
    target = tmp_path / "out"
    server = HeldEmulator(threads=1, items=400)
    async with start(80, 24, emulator=server) as driver:
        await driver.press("enter", "|")
        await driver.paste(f"cat > {target}")
        await driver.press(*["down"] * 6)
        server.hold()
        await driver.pilot.press("enter")
        while driver.loading("items") != "loading the whole conversation":
            await driver.pilot.pause()
        await driver.pilot.press("escape")
        await driver.pilot.pause()
        server.release()
        await driver.settle()
        assert "stopped" in driver.status
        assert driver.is_alone()
        assert driver.loaded("items") < 400
    assert not target.exists()


async def test_what_a_child_does_not_read_is_no_failure(start: Start) -> None:
    async with start(80, 24, emulator=Emulator(threads=1, items=100)) as driver:
        await driver.press("enter", "|")
        await driver.type("true")
        await driver.press("enter")
        assert driver.status.startswith(" done: item as text to “true”")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("exit 3", "exit status 3"),
        ("kill -9 $$", "ended by SIGKILL"),
        ("sh -c 'kill -TERM $$'", "ended by SIGTERM"),
        ("no-such-command-here", "no such command"),
    ],
)
async def test_how_a_child_ended_is_said(start: Start, command: str, said: str) -> None:
    async with start(100, 24) as driver:
        await driver.press("enter", "|")
        await driver.paste(command)
        await driver.press("enter")
        assert said in driver.status


async def test_an_editor_gets_a_private_file_that_is_removed(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    left = tmp_path / "chatkit-tui-4194305-x"  # no process can have this id
    left.mkdir()
    seen = tmp_path / "seen"
    monkeypatch.setenv("VISUAL", f"ls -ld $(dirname $1) $1 > {seen}; exit 1;")
    async with start(100, 24) as driver:
        await driver.press("enter", "ctrl+p")
        await driver.type("editor")
        await driver.press("enter", "down", "enter")
        assert "exit status 1" in driver.status
        folder, file = seen.read_text().splitlines()
    assert folder.startswith("drwx------")
    assert file.startswith("-rw-------")
    assert file.endswith("/item.md")
    assert [entry.name for entry in os.scandir(tmp_path)] == [seen.name]


async def test_a_pager_that_is_missing_is_one_line(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGER", "lesss -R")
    async with start(80, 24) as driver:
        await driver.press("enter", "v")
        assert driver.is_alone()
        assert driver.status.startswith(" lesss, which PAGER names, is not installed ")


async def test_the_name_of_a_pager_is_text(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "'[@click=quit]less'")
    async with start(80, 24) as driver:
        await driver.press("enter", "v")
        assert "Open in [@click=quit]less" in driver.frame()


def test_a_child_has_no_credentials() -> None:
    secret = Secret("fX93kd0Lq2-another-way-to-name-it")
    kept = {"PATH": "/bin", "HTTPS_PROXY": "http://proxy.example:8080", "GITHUB_TOKEN": "mine"}
    dropped = {
        "OPENAI_API_KEY": "sk-1", "OPENAI_BASE_URL": "http://127.0.0.1", "PGPASSWORD": "p",
        "CHATKIT_TUI_TOKEN": "t", "http_proxy": "http://ada:pw@proxy.example",
        "SOMETHING": f"Bearer {secret.reveal()}",
    }  # fmt: skip
    assert child_environment({**kept, **dropped}) == kept


@pytest.mark.parametrize(
    ("command", "less", "expected"),
    [
        ("less", "", True), ("less -R", "", True), ("/usr/bin/less", "", True),
        ("less", "-FRX", False), ("less -F", "", False), ("less --no-init", "", False),
        ("LESS=-R less", "", True), ("vim -", "", True), ("cat", "", False), ("grep x", "", False),
        ("jq . | less", "", True), ("less; date", "", False), ("", "", False),
    ],
)  # fmt: skip
def test_what_leaves_nothing_on_the_terminal(command: str, less: str, expected: bool) -> None:
    assert is_full_screen(command, {"LESS": less}) is expected


def test_the_end_of_a_child_in_words() -> None:
    assert [ending(status) for status in (0, 1, 126, 127, -15, 141, 255)] == [
        "done", "exit status 1", "cannot be run", "no such command", "ended by SIGTERM",
        "ended by SIGPIPE", "exit status 255",
    ]  # fmt: skip


def test_a_program_with_a_variable_in_its_name_is_left_to_the_shell() -> None:
    assert why_not_installed("$HOME/bin/pager", "PAGER") == ""
    assert why_not_installed("sh -c x", "PAGER") == ""
    assert why_not_installed("", "PAGER") == ""
