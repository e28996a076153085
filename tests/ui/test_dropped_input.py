"""Input that was dropped is reported where the user types."""

from __future__ import annotations

import pytest

from chatkit_tui.terminal.input_decoder import Dropped
from tests.ui.conftest import Start


@pytest.mark.parametrize("keys", [(), ("slash",), ("s", "n")])
async def test_a_paste_that_did_not_end_is_reported_where_the_keys_go(
    start: Start, keys: tuple[str, ...]
) -> None:
    async with start(100, 24) as driver:
        await driver.press(*keys)
        driver.app.input_dropped(Dropped.PASTE)
        await driver.settle()
        assert "The paste did not end" in driver.frame()
