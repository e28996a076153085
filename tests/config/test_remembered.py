"""What the program remembers, among the other origins of a setting."""

from __future__ import annotations

import pytest

from chatkit_tui.config.resolve import load_settings
from chatkit_tui.storage.remembered import Remembered
from tests.config.conftest import Write


@pytest.mark.parametrize(
    ("environ", "text", "theme", "origin"),
    [
        ({}, "", "nord", "chosen in the program"),
        ({}, 'theme = "light"', "light", "config.toml line 1"),
        ({"CHATKIT_TUI_THEME": "gruvbox"}, 'theme = "light"', "gruvbox", "CHATKIT_TUI_THEME"),
        (
            {"CHATKIT_TUI_THEME": "gruvbox"},
            'profile = "a"\n[profiles.a]\ntheme = "flexoki"',
            "gruvbox",
            "CHATKIT_TUI_THEME",
        ),
        (
            {},
            'theme = "light"\nprofile = "a"\n[profiles.a]\ntheme = "flexoki"',
            "flexoki",
            "profile a, config.toml line 4",
        ),
    ],
)
def test_a_remembered_choice_counts_where_nothing_else_is_set(
    environ: dict[str, str], text: str, theme: str, origin: str, write: Write
) -> None:
    remembered = Remembered({"theme": "nord", "read_only": True})
    settings = load_settings({}, environ, write(text), remembered=remembered)
    assert (settings.theme, settings.origins["theme"]) == (theme, origin)
    assert not settings.read_only  # no choice of the program can change it


@pytest.mark.parametrize(
    ("remembered", "is_first"),
    [
        (Remembered(), True),
        (Remembered({"first_hint": "shown"}), False),
        (Remembered(note="it is broken"), False),
    ],
)
def test_the_first_start_is_that_of_which_nothing_is_remembered(
    remembered: Remembered, is_first: bool, write: Write
) -> None:
    settings = load_settings({}, {}, write(""), remembered=remembered)
    assert settings.first_start is is_first


@pytest.mark.parametrize("value", ["xyzzy", 3, None, ["nord"]])
def test_a_remembered_value_of_another_version_is_ignored(value: object, write: Write) -> None:
    settings = load_settings({}, {}, write(""), remembered=Remembered({"theme": value}))
    assert settings.theme == "dark"
    assert "theme" not in settings.origins


def test_the_theme_of_the_flag_overrides_everything(write: Write) -> None:
    settings = load_settings(
        {"theme": "monokai"},
        {"CHATKIT_TUI_THEME": "gruvbox"},
        write('theme = "light"'),
        remembered=Remembered({"theme": "nord"}),
    )
    assert (settings.theme, settings.origins["theme"]) == ("monokai", "--theme")
