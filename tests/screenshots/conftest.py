"""The screen, as the tests of it run it, but drawn as `make screenshots` does."""

import pytest

from tests.quick_toolkit import draw_every_frame
from tests.ui.conftest import _nothing_by_itself as _nothing_by_itself
from tests.ui.conftest import _quick_toolkit as _quick_toolkit


@pytest.fixture(autouse=True)
def _every_frame(_quick_toolkit: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The share of a transcript is estimated by what was drawn."""
    draw_every_frame(monkeypatch)
