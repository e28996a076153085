"""Every setting: its name, what it may be, and the flag and the variable that give it too."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a setting may be; the value is the words for it in a message."""

    TEXT = "text in quotes, and not empty"
    SWITCH = "true or false"
    COMMAND = 'a command, as in ["pass", "show", "openai"]'
    CHOICE = "one of its words"


class Setting(NamedTuple):
    """One setting. An empty `flag` or `variable` means that there is none."""

    name: str
    kind: Kind
    flag: str = ""
    variable: str = ""
    choices: tuple[str, ...] = ()
    top: bool = False
    """It can stand at the top of the file, for every profile."""
    profile: bool = False
    """It can stand in a profile."""
    account: bool = False
    """It is a part of the account: of a profile, all of these are used or none."""

    @property
    def expected(self) -> str:
        """What it may be, in words."""
        return f"one of {', '.join(self.choices)}" if self.choices else self.kind.value


THEMES = (
    *("dark", "light", "ansi-dark", "ansi-light", "atom-one-dark", "atom-one-light"),
    *("catppuccin-frappe", "catppuccin-latte", "catppuccin-macchiato", "catppuccin-mocha"),
    *("dracula", "flexoki", "gruvbox", "monokai", "nord", "rose-pine", "rose-pine-dawn"),
    *("rose-pine-moon", "solarized-dark", "solarized-light", "textual-dark", "textual-light"),
    "tokyo-night",
)
"""`dark` and `light` are in the terminal's own colours; the others are Textual's, which is not
imported for their names."""

SETTINGS = (
    Setting("base_url", Kind.TEXT, "--base-url", "OPENAI_BASE_URL", profile=True, account=True),
    Setting("organization", Kind.TEXT, "", "OPENAI_ORG_ID", profile=True, account=True),
    Setting("project", Kind.TEXT, "", "OPENAI_PROJECT_ID", profile=True, account=True),
    Setting("api_key_command", Kind.COMMAND, profile=True, account=True),
    Setting("api_key_keyring", Kind.SWITCH, profile=True, account=True),
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
    Setting("log_file", Kind.TEXT, "--log-file", "CHATKIT_TUI_LOG_FILE"),
    Setting("theme", Kind.CHOICE, "", "CHATKIT_TUI_THEME", THEMES, top=True),
    Setting("times", Kind.CHOICE, "", "CHATKIT_TUI_TIMES", ("relative", "absolute"), top=True),
    Setting("zone", Kind.CHOICE, "", "CHATKIT_TUI_ZONE", ("local", "utc"), top=True),
    Setting("profile", Kind.TEXT, "--profile", "CHATKIT_TUI_PROFILE", top=True),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}
TOP = {setting.name: setting for setting in SETTINGS if setting.top}
IN_PROFILE = {setting.name: setting for setting in SETTINGS if setting.profile}

Value = str | bool | tuple[str, ...]
"""A setting as it is kept: text and choices as text, a command as its words."""

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


def from_toml(setting: Setting, value: object) -> Value | None:
    """The value of a setting as the file has it; None when it does not fit."""
    if setting.kind is Kind.SWITCH:
        return value if isinstance(value, bool) else None
    if setting.kind is Kind.COMMAND:
        return _words(value)
    if not isinstance(value, str) or not value.strip():
        return None
    return value if not setting.choices or value in setting.choices else None


def from_text(setting: Setting, text: str) -> Value | None:
    """The value of a setting as a variable of the environment has it; None when it does not fit."""
    text = text.strip()
    if setting.kind is Kind.SWITCH:
        return {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}.get(text.lower())
    return from_toml(setting, text)


def _words(value: object) -> tuple[str, ...] | None:
    if isinstance(value, str):
        import shlex  # only for who writes a command as one text

        try:
            value = shlex.split(value)
        except ValueError:
            return None
    if not isinstance(value, list) or not value or not value[0]:
        return None
    return tuple(value) if all(isinstance(word, str) for word in value) else None


def nearest(name: str, names: Iterable[str], *, joint: str = "_") -> str | None:
    """The name that was most likely meant; None when none is near. The parts of all names are
    joined by `joint`."""
    joined = name.lower().translate(dict.fromkeys(map(ord, " _-"), joint))
    return next(iter(get_close_matches(joined, [*names], n=1)), None)
