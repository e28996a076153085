"""The page of an item: everything of it, folded, found and copied; and its addresses."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.inspection import json_tree as json_tree_module
from chatkit_tui.inspection.item_detail import addresses_of, item_sections, json_tree
from chatkit_tui.ui.browser import opener, why_not_open
from chatkit_tui.ui.screens.detail_rows import DetailRows
from tests.hostile.payloads import PAYLOADS
from tests.render.examples import CONTEXT, item, widget
from tests.text.hazards import hazards_in
from tests.ui.conftest import Start
from tests.ui.driver import Driver

SOURCES = item(
    "assistant_message",
    content=[
        {
            "type": "output_text",
            "text": "See https://a.example/x and [b](mailto:ada@b.example), not "
            "[c](javascript:alert(1)) or ftp://d.example/y.",
            "annotations": [
                {
                    "type": "url",
                    "source": {"type": "url", "title": "T", "url": "https://e.example/" + "z" * 90},
                }
            ],
        }
    ],
)


async def open_details(driver: Driver) -> None:
    await driver.press("enter", "enter")
    assert not driver.is_alone()


async def test_enter_shows_all_of_an_item_and_esc_returns_to_it(start: Start) -> None:
    async with start(80, 24) as driver:
        await driver.press("enter", "k")
        place, identifier = driver.position(), driver.item()
        await driver.press("enter")
        frame = driver.frame()
        assert f" {identifier}\n" in frame
        assert " drawn" in frame
        await driver.press("tab", "tab", "escape")
        assert driver.is_alone()
        assert (driver.position(), driver.item()) == (place, identifier)


async def test_json_is_folded_found_and_copied_with_its_path(start: Start) -> None:
    async with start(80, 24) as driver:
        await open_details(driver)
        await driver.press("/")
        await driver.type('"TYPE"')
        await driver.press("enter")
        assert driver.line(-2).strip() == ".type"
        await driver.press("p")
        assert driver.app.clipboard == ".type"
        await driver.press("y")
        assert driver.app.clipboard.startswith("chatkit.")
        await driver.press("X", "n")
        assert driver.line(-2).strip() == ".content[0].type"  # unfolded again
        await driver.press("N")
        assert driver.line(-2).strip() == ".type"
        await driver.press("enter")
        assert "chatkit." in driver.frame().splitlines()[1]
        await driver.press("escape", "escape")
        assert driver.is_alone()


async def test_what_is_not_there_is_said(start: Start) -> None:
    async with start(80, 24) as driver:
        await open_details(driver)
        await driver.press("n")
        assert driver.line(-2).strip() == "/ searches"
        await driver.press("p")
        assert "no path to copy" in driver.line(-2)
        await driver.press("u")
        assert driver.line(-2).strip() == "u does nothing here"
        await driver.press("Z")
        assert driver.line(-2).strip() == ""
        await driver.press("/")
        await driver.type("nowhere at all")
        assert "nothing has “nowhere at all”" in driver.frame()


def test_a_search_before_the_item_is_read_finds_nothing() -> None:
    assert not DetailRows().find("x", 1, stay=True)


def test_addresses_are_those_that_may_be_opened() -> None:
    assert addresses_of(SOURCES) == [
        "https://a.example/x", "mailto:ada@b.example", "https://e.example/" + "z" * 90,
    ]  # fmt: skip


def test_a_source_has_its_address_in_full() -> None:
    sections = {section.title: section.rows for section in item_sections(SOURCES, CONTEXT, 40)}
    rows = [row for row in sections["sources"] if row.address]
    text = "".join(span.text for row in rows for span in row.line)
    assert "https://e.example/" + "z" * 90 in text.replace(" ", "")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_survives_on_the_page(payload: str) -> None:
    value: Any = {"type": "Card", "children": [{"type": "Text", "value": payload, payload: 1}]}
    for shown in (
        widget(value),
        item("client_tool_call", name=payload, arguments=json.dumps({payload: payload})),
        item(
            "user_message", attachments=[{"id": payload, "name": payload, "preview_url": payload}]
        ),
    ):
        for section in item_sections(shown, CONTEXT, 60):
            for row in section.rows:
                assert hazards_in("".join(span.text for span in row.line)) == []


async def test_a_megabyte_of_json_with_hostile_keys_is_shown_and_searched(start: Start) -> None:
    emulator = Emulator(threads=1, items=1)
    async with start(80, 24, emulator=emulator) as driver:
        await driver.press("enter")
        entry = driver.browse.transcript.view.entry()
        assert entry is not None
        value = json.loads(entry.raw)
        value["\x1b]0;x\x07\u202ekey"] = [{"n": number, "t": "x" * 60} for number in range(14_000)]
        large = item("tool_result", **value)
        tree = json_tree(large)
        assert not isinstance(tree, str)
        assert len(large.raw) > 1_000_000
        assert len(tree.visible()) < 30


async def test_a_tree_that_is_cut_says_so(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_tree_module, "MOST_ROWS", 3)
    async with start(80, 60) as driver:
        await open_details(driver)
        assert "(only the first 3 values are shown)" in driver.frame()


# -- addresses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "platform", "program"),
    [
        ({"DISPLAY": ":0"}, "linux", "xdg-open"),
        ({"DISPLAY": ":0", "SSH_TTY": "/dev/pts/1"}, "linux", None),
        ({"SSH_CONNECTION": "x"}, "darwin", None),
        ({}, "linux", None),
        ({}, "darwin", "open"),
        ({"WSL_DISTRO_NAME": "x"}, "linux", "wslview"),
    ],
)
def test_a_browser_is_that_of_this_machine(
    environ: dict[str, str], platform: str, program: str | None
) -> None:
    assert opener(environ, platform=platform, which=lambda name: f"/usr/bin/{name}") == program


def test_why_no_browser_can_be_opened() -> None:
    assert (
        why_not_open({"SSH_TTY": "x", "DISPLAY": ":0"}) == "the browser is at the other end of SSH"
    )
    assert why_not_open({}) == "this machine has no browser to show"


async def to_an_address(driver: Driver) -> None:
    """Open the menu of addresses of the first item of the first thread that has one."""
    await driver.press("enter", "g")
    for _ in range(9):
        await driver.press("ctrl+p")
        await driver.type("open address")
        await driver.press("enter")
        if not driver.is_alone():
            return
        await driver.press("j")
    raise AssertionError(driver.frame())


async def test_over_ssh_an_address_is_copied(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
    async with start(100, 30) as driver:
        await to_an_address(driver)
        assert "the browser is at the other end of SSH" in driver.frame()
        await driver.press("enter")
        assert driver.app.clipboard.startswith("https://")
        assert "address: sent to the terminal's clipboard" in driver.status


async def test_a_browser_gets_the_address_and_no_credentials(
    start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "xdg-open"
    program.write_text(f'#!/bin/sh\necho "$1" "[$OPENAI_API_KEY]" > {tmp_path}/seen\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    monkeypatch.delenv("SSH_TTY", raising=False)
    async with start(100, 30) as driver:
        await to_an_address(driver)
        await driver.press("enter")
        assert "address: opened in the browser" in driver.status
        address, key = (tmp_path / "seen").read_text().split()
    assert address.startswith("https://")
    assert key == "[]"
