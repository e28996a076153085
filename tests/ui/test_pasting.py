"""What is pasted is seen before it is used: it hides nothing and steers nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Input, TextArea

from chatkit_tui.text.sanitize import symbols
from tests.hostile.payloads import PAYLOADS
from tests.hostile.test_screens import check
from tests.text.hazards import hazards_in
from tests.ui.conftest import Start
from tests.ui.driver import Driver

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
    await driver.paste(text)
    field = driver.app.focused
    assert isinstance(field, Input | TextArea)
    return field.value if isinstance(field, Input) else field.text


HIDDEN = "\u200c\u200d\u00a0\u3000\u202f\u200b\u202e\ue000\u00ad\ufeff\u2060\U000e0041"
"""Text that a person cannot see, or cannot tell from a space."""


@pytest.mark.parametrize("field", FIELDS)
async def test_text_is_kept_as_it_came_and_all_of_it_is_seen(start: Start, field: str) -> None:
    async with start(100, 30) as driver:
        await driver.press(*FIELDS[field])
        taker = driver.app.focused
        assert isinstance(taker, Input)
        await driver.type(f"a{HIDDEN}b")
        assert taker.value == f"a{HIDDEN}b"
        assert f"a◌◌␣␣␣{'◌' * 7}b" in driver.frame()
        check(driver)
        assert await paste(driver, f"{HIDDEN}c") == f"a{HIDDEN}b{HIDDEN}c"
        assert f"b◌◌␣␣␣{'◌' * 7}c" in driver.frame()
        taker.value = ""
        pasted = await paste(driver, " ".join(PAYLOADS))
        assert not any(unicodedata.category(sign) == "Cc" for sign in pasted if sign != "\n")
        check(driver)


async def test_every_payload_is_harmless_in_a_field(start: Start) -> None:
    async with start(100, 30) as driver:
        await driver.press(*FIELDS["find"])
        for payload in PAYLOADS:
            pasted = await paste(driver, payload)
            assert not any(unicodedata.category(sign) == "Cc" for sign in pasted if sign != "\n")
            check(driver)


async def test_the_cursor_stands_on_symbols(start: Start) -> None:
    async with start() as driver:
        await driver.press("colon")
        await driver.type("a\u200d\u3000\u202eb")
        taker = driver.app.focused
        assert isinstance(taker, Input)
        end = taker.cursor_screen_offset.x
        places = []
        for _ in range(5):
            await driver.press("left")
            places.append(end - taker.cursor_screen_offset.x)
        assert places == [1 + step for step in (1, 2, 3, 4, 5)]
        await driver.press("right", "delete")
        assert taker.value == "a\u3000\u202eb"
        await driver.pilot.click(taker, offset=(taker.gutter.left + 2, 0))
        await driver.press("backspace")
        assert taker.value == "a\u202eb"


async def test_hidden_text_is_kept_in_a_field_of_lines(start: Start) -> None:
    async with start(100, 40) as driver:
        await driver.press("s", "n")
        area = driver.app.screen.query(TextArea).first()
        area.focus()
        await driver.settle()
        await driver.type(f"a={HIDDEN}")
        await driver.press("enter")
        await driver.type("b=\u200d")
        assert area.text == f"a={HIDDEN}\nb=\u200d"
        assert f"a=◌◌␣␣␣{'◌' * 7}" in driver.frame()
        await driver.press("backspace", "backspace", "2")
        assert area.text == f"a={HIDDEN}\nb2"
        check(driver)


async def test_text_that_is_spelled_with_joiners_looks_as_it_should(start: Start) -> None:
    async with start() as driver:
        await driver.press("colon")
        for text in ("می\u200cخواهم", "👩\u200d🚀", "❤\ufe0f", "क्\u200cष"):
            assert symbols(text) == text
            await driver.type(text)
        check(driver)


async def test_pasted_controls_are_signs_that_can_be_deleted(start: Start) -> None:
    async with start() as driver:
        await driver.press("colon")
        assert await paste(driver, "cthr_\u200b1\x1b[2J\u2028\x85") == (
            "cthr_\u200b1␛[2J⟨U+2028⟩⟨U+0085⟩"
        )
        assert "cthr_◌1␛[2J⟨U+2028⟩⟨U+0085⟩" in driver.frame()


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
        assert await paste(driver, "a=1\r\nb=\u202e2\x07\n") == "a=1\nb=\u202e2␇"
        assert "b=◌2␇" in driver.frame()
        check(driver)


async def test_typed_controls_are_not_taken(start: Start) -> None:
    async with start() as driver:
        await driver.press("colon")
        await driver.type("a\x85\x9b\u2028\u2029\x01b")
        field = driver.app.focused
        assert isinstance(field, Input)
        assert field.value == "ab"


@given(st.text(max_size=40) | st.text(st.sampled_from("a e\u0301\u200c\u200d🚀👩\ufe0f\u3000یم\n")))
def test_symbols_stand_for_one_character_each_and_none_hides(text: str) -> None:
    shown = symbols(text)
    assert len(shown) == len(text)
    assert hazards_in(shown) == []
