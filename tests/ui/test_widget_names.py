"""Widgets have names of their own, because Textual finds the styles of a widget by that name."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from textual.widget import Widget

from chatkit_tui import ui
from chatkit_tui.ui.screens.pages import Lines
from tests.ui.conftest import Start


def widgets(base: type[Widget] = Widget) -> set[type[Widget]]:
    """Return the classes of the program that are widgets."""
    made = {kind for kind in base.__subclasses__() if kind.__module__.startswith(ui.__name__)}
    return made.union(*map(widgets, base.__subclasses__()))


def test_no_two_widgets_share_the_name_that_their_styles_are_found_by() -> None:
    for module in walk_packages([str(Path(ui.__file__).parent)], f"{ui.__name__}."):
        import_module(module.name)
    names = Counter(kind.__name__ for kind in widgets())
    assert "TextField" in names
    assert [name for name, count in names.items() if count > 1] == []


async def test_the_help_has_the_whole_screen_also_after_the_form_of_a_session(
    start: Start,
) -> None:
    async with start(100, 30) as driver:
        await driver.press("s", "n", "escape", "escape", "question_mark")
        assert driver.app.screen.query_one(Lines).size == (100, 29)
