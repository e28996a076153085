"""Rows to choose from, where there is no room for a single one."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from chatkit_tui.ui.widgets.option_rows import OptionRows


class Host(App[None]):
    """Nothing but rows."""

    def compose(self) -> ComposeResult:
        yield OptionRows(*(f"row {number}" for number in range(50)))


@pytest.mark.parametrize("key", ["pagedown", "pageup"])
async def test_a_page_key_does_nothing_where_no_row_is_laid_out(key: str) -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        rows = app.query_one(OptionRows)
        rows.highlighted = 10
        rows.styles.height = 0
        await pilot.pause()
        await pilot.press(key)
        assert rows.highlighted == 10


async def test_a_page_key_moves_by_a_page() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        rows = app.query_one(OptionRows)
        rows.highlighted = 0
        await pilot.press("pagedown")
        assert rows.highlighted > 10
        await pilot.press("pageup")
        assert rows.highlighted == 0
