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
    ZONE = "a time zone, as in Asia/Tokyo"
    HEADERS = "a table of headers: [profiles.NAME.headers]"


class Header(NamedTuple):
    """A header of every request to a server, with a text or a command that prints it."""

    name: str
    text: str = ""
    command: tuple[str, ...] = ()


class SourceKind(StrEnum):
    """A kind of source, by the setting that names one of it."""

    HOSTED = "base_url"
    ARCHIVE = "archive"
    SERVER = "server"
    DATABASE = "database"
    DEMO = "demo"

    @property
    def flag(self) -> str:
        """Its option of the command line."""
        return f"--{self.replace('_', '-')}"


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
    sources: tuple[SourceKind, ...] = ()
    """The kinds of source that it belongs to: all of these of a profile are used, or none. Empty
    if it is about the program."""

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
"""`dark` and `light` use the terminal's colors. The others are Textual's, which is not imported
just for their names."""

Color = Literal["red", "green", "yellow", "blue", "magenta", "cyan"]
COLORS: tuple[Color, ...] = get_args(Color)
"""Colors that every terminal has, for the name of a profile."""

_HOSTED, _ARCHIVE = (SourceKind.HOSTED,), (SourceKind.ARCHIVE,)
_SERVER, _DATABASE = (SourceKind.SERVER,), (SourceKind.DATABASE,)
_DEMO = (SourceKind.DEMO,)


def _of_source(
    name: str, kind: Kind, sources: tuple[SourceKind, ...], *, flag: str = "", variable: str = ""
) -> Setting:
    return Setting(name, kind, flag, variable, profile=True, sources=sources)


SETTINGS = (
    _of_source("base_url", Kind.TEXT, _HOSTED, flag="--base-url", variable="OPENAI_BASE_URL"),
    _of_source("archive", Kind.TEXT, _ARCHIVE, flag="--archive", variable="CHATKIT_TUI_ARCHIVE"),
    _of_source("organization", Kind.TEXT, _HOSTED, variable="OPENAI_ORG_ID"),
    _of_source("project", Kind.TEXT, _HOSTED, variable="OPENAI_PROJECT_ID"),
    _of_source("api_key_command", Kind.COMMAND, _HOSTED),
    _of_source("api_key_keyring", Kind.SWITCH, _HOSTED),
    _of_source("server", Kind.TEXT, _SERVER, flag="--server"),
    _of_source("token_command", Kind.COMMAND, _SERVER),
    _of_source("user_header", Kind.TEXT, _SERVER),
    _of_source("headers", Kind.HEADERS, _SERVER),
    _of_source("database", Kind.TEXT, _DATABASE, flag="--database"),
    _of_source("password_command", Kind.COMMAND, _DATABASE),
    _of_source("threads", Kind.TEXT, _DATABASE),
    _of_source("items", Kind.TEXT, _DATABASE),
    _of_source("item_json", Kind.TEXT, _DATABASE),
    _of_source("owner", Kind.TEXT, _DATABASE),
    _of_source("naive_times", Kind.ZONE, (*_SERVER, *_DATABASE)),
    _of_source(
        "backup_before_delete",
        Kind.TEXT,
        (*_HOSTED, *_SERVER),
        variable="CHATKIT_TUI_BACKUP_BEFORE_DELETE",
    ),
    Setting("protocol", Kind.CHOICE, "--protocol", choices=("hosted", "server"), sources=_DEMO),
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

Value = str | int | tuple[str, ...] | tuple[Header, ...]
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
        return command_words(value)
    if setting.kind is Kind.CELLS:
        return _cells(value)
    if not isinstance(value, str) or not value.strip():
        return None
    if setting.kind is Kind.ZONE:
        return value if _is_zone(value) else None
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


def _is_zone(name: str) -> bool:
    from datetime import UTC

    from chatkit_tui.models.timestamps import zone_named  # few profiles name a zone

    return name == "UTC" or zone_named(name) is not UTC


def command_words(value: object) -> tuple[str, ...] | None:
    """Return the words of a command in the file, or None if it is invalid."""
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
