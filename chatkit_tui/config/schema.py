"""Every setting: its name, its values, its flag and its variable."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from enum import StrEnum
from typing import Literal, NamedTuple, get_args


class Kind(StrEnum):
    """The type of a setting, described for messages."""

    TEXT = "text in quotes, and not empty"
    SWITCH = "true or false"
    COMMAND = 'a command, as in ["pass", "show", "openai"]'
    CHOICE = "one of its words"
    CELLS = 'a number of cells from 20, or "full"'


class Setting(NamedTuple):
    """One setting; `flag` and `variable` are empty if there is none."""

    name: str
    kind: Kind
    flag: str = ""
    variable: str = ""
    choices: tuple[str, ...] = ()
    top: bool = False
    """Whether it can be at the top of the file, for every profile."""
    profile: bool = False
    """Whether it can be in a profile."""
    remembered: bool = False
    """Whether a choice in the program counts, where nothing else sets it."""
    account: bool = False
    """Whether it belongs to the account: all of these of a profile are used, or none."""

    @property
    def expected(self) -> str:
        """The valid values, for messages."""
        return f"one of {', '.join(self.choices)}" if self.choices else self.kind.value


THEMES = (
    *("dark", "light", "ansi-dark", "ansi-light", "atom-one-dark", "atom-one-light"),
    *("catppuccin-frappe", "catppuccin-latte", "catppuccin-macchiato", "catppuccin-mocha"),
    *("dracula", "flexoki", "gruvbox", "monokai", "nord", "rose-pine", "rose-pine-dawn"),
    *("rose-pine-moon", "solarized-dark", "solarized-light", "textual-dark", "textual-light"),
    "tokyo-night",
)
"""`dark` and `light` use the terminal's colours. The others are Textual's, which is not imported
just for their names."""

Color = Literal["red", "green", "yellow", "blue", "magenta", "cyan"]
COLORS: tuple[Color, ...] = get_args(Color)
"""Colors that every terminal has, for the name of a profile."""

SETTINGS = (
    Setting("base_url", Kind.TEXT, "--base-url", "OPENAI_BASE_URL", profile=True, account=True),
    Setting("archive", Kind.TEXT, "--archive", "CHATKIT_TUI_ARCHIVE", profile=True, account=True),
    Setting("organization", Kind.TEXT, "", "OPENAI_ORG_ID", profile=True, account=True),
    Setting("project", Kind.TEXT, "", "OPENAI_PROJECT_ID", profile=True, account=True),
    Setting("api_key_command", Kind.COMMAND, profile=True, account=True),
    Setting("api_key_keyring", Kind.SWITCH, profile=True, account=True),
    Setting("color", Kind.CHOICE, choices=COLORS, profile=True),
    Setting("user", Kind.TEXT, "--user", "CHATKIT_TUI_USER", profile=True),
    Setting(
        "read_only", Kind.SWITCH, "--read-only", "CHATKIT_TUI_READ_ONLY", top=True, profile=True
    ),
    Setting("plain", Kind.SWITCH, "--plain", "CHATKIT_TUI_PLAIN", top=True),
    Setting("slow", Kind.SWITCH, "--slow", "CHATKIT_TUI_SLOW", top=True),
    Setting(
        "copy",
        Kind.CHOICE,
        "--copy",
        "CHATKIT_TUI_COPY",
        ("auto", "osc52", "native", "off"),
        top=True,
    ),
    Setting("no_mouse", Kind.SWITCH, "--no-mouse", "CHATKIT_TUI_NO_MOUSE", top=True),
    Setting("no_preview", Kind.SWITCH, "--no-preview", "CHATKIT_TUI_NO_PREVIEW", top=True),
    Setting("log_file", Kind.TEXT, "--log-file", "CHATKIT_TUI_LOG_FILE"),
    Setting(
        "theme",
        Kind.CHOICE,
        "--theme",
        "CHATKIT_TUI_THEME",
        THEMES,
        top=True,
        profile=True,
        remembered=True,
    ),
    Setting("times", Kind.CHOICE, "", "CHATKIT_TUI_TIMES", ("relative", "absolute"), top=True),
    Setting("zone", Kind.CHOICE, "", "CHATKIT_TUI_ZONE", ("local", "utc"), top=True),
    Setting("text_width", Kind.CELLS, "--text-width", "CHATKIT_TUI_TEXT_WIDTH", top=True),
    Setting("profile", Kind.TEXT, "--profile", "CHATKIT_TUI_PROFILE", top=True),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}
TOP = {setting.name: setting for setting in SETTINGS if setting.top}
IN_PROFILE = {setting.name: setting for setting in SETTINGS if setting.profile}

Value = str | int | tuple[str, ...]
"""The value of a setting; a command is a tuple of its words."""

NARROWEST = 20
"""Cells: a smaller width of text is a mistake."""
FULL = 0
"""The width of text that is not limited, which is `full` for the user."""

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


def from_toml(setting: Setting, value: object) -> Value | None:
    """Return the value of a setting in the file, or None if it is invalid."""
    if setting.kind is Kind.SWITCH:
        return value if isinstance(value, bool) else None
    if setting.kind is Kind.COMMAND:
        return _words(value)
    if setting.kind is Kind.CELLS:
        return _cells(value)
    if not isinstance(value, str) or not value.strip():
        return None
    return value if not setting.choices or value in setting.choices else None


def from_text(setting: Setting, text: str) -> Value | None:
    """Return the value of a setting in a variable, or None if it is invalid."""
    text = text.strip()
    if setting.kind is Kind.SWITCH:
        return {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}.get(text.lower())
    if setting.kind is Kind.CELLS and text.isascii() and text.isdecimal():
        return _cells(int(text[:9]))
    return from_toml(setting, text)


def _cells(value: object) -> int | None:
    if value == "full":
        return FULL
    is_valid = isinstance(value, int) and not isinstance(value, bool) and value >= NARROWEST
    return value if is_valid and isinstance(value, int) else None


def _words(value: object) -> tuple[str, ...] | None:
    if isinstance(value, str):
        import shlex  # rarely needed

        try:
            value = shlex.split(value)
        except ValueError:
            return None
    if not isinstance(value, list) or not value or not value[0]:
        return None
    return tuple(value) if all(isinstance(word, str) for word in value) else None


def nearest(name: str, names: Iterable[str], *, joint: str = "_") -> str | None:
    """Return the closest of some names, or None. `joint` separates the parts of the names."""
    joined = name.lower().translate(dict.fromkeys(map(ord, " _-"), joint))
    return next(iter(get_close_matches(joined, [*names], n=1)), None)
