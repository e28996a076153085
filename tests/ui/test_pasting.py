"""What is pasted is seen before it is used: it hides nothing and steers nothing."""

from __future__ import annotations

import pytest
from textual.events import Paste
from textual.widgets import Input, TextArea

from tests.hostile.payloads import PAYLOADS
from tests.hostile.test_screens import check
from tests.text.hazards import hazards_in
from tests.ui.conftest import Driver, Start

FIELDS = {
    "filter": ("slash",),
    "user": ("f",),
    "go to": ("colon",),
    "find": ("enter", "slash"),
    "session": ("s", "n"),
    "palette": ("ctrl+p",),
}


async def paste(driver: Driver, text: str) -> str:
    """Paste into what has the focus; gives what stands in it then."""
    driver.app.post_message(Paste(text))
    await driver.settle()
    field = driver.app.focused
    assert isinstance(field, Input | TextArea)
    return field.value if isinstance(field, Input) else field.text


@pytest.mark.parametrize("field", FIELDS)
async def test_whatever_is_pasted_is_seen(start: Start, field: str) -> None:
    async with start(100, 30) as driver:
        await driver.press(*FIELDS[field])
        for payload in PAYLOADS:
            pasted = await paste(driver, payload)
            assert hazards_in(pasted) == []
            check(driver)


async def test_pasted_hidden_characters_are_signs_that_can_be_deleted(start: Start) -> None:
    async with start() as driver:
        await driver.press("colon")
        assert await paste(driver, "cthr_\u200b1\x1b[2J") == "cthr_⟨U+200B⟩1␛[2J"
        assert "cthr_⟨U+200B⟩1␛[2J" in driver.frame()


async def test_a_line_is_pasted_without_the_breaks_around_it(start: Start) -> None:
    async with start() as driver:
        await driver.press("colon")
        assert await paste(driver, "\r\ncthr_1\r\nmore") == "cthr_1"


async def test_lines_are_pasted_as_lines(start: Start) -> None:
    async with start(100, 40) as driver:
        await driver.press("s", "n")
        area = driver.app.screen.query(TextArea).first()
        area.focus()
        await driver.settle()
        assert await paste(driver, "a=1\r\nb=\u202e2\x07\n") == "a=1\nb=⟨U+202E⟩2␇"
        check(driver)


async def test_typed_characters_that_hide_are_not_taken(start: Start) -> None:
    async with start() as driver:
        await driver.press("colon", "a", "\u200b", "\u202e", "\ue000", "b")
        field = driver.app.focused
        assert isinstance(field, Input)
        assert field.value == "ab"
