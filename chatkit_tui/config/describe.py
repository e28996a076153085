"""The settings in effect and their origins, for `config show`."""

from __future__ import annotations

from typing import Any, NamedTuple

from chatkit_tui.config.address import showable
from chatkit_tui.config.resolve import Settings
from chatkit_tui.config.schema import FULL
from chatkit_tui.text.plain import ui_text


class Described(NamedTuple):
    """A setting for `config show`."""

    name: str
    value: str | int | None
    origin: str


_DESCRIBED = (
    *(
        "profile",
        "color",
        "base_url",
        "organization",
        "project",
        "api_key",
        "user",
        "read_only",
        "theme",
    ),
    *("times", "zone", "text_width", "plain", "slow", "copy", "no_mouse", "no_preview", "log_file"),
)


def describe(settings: Settings, *, as_json: bool = False) -> list[Described]:
    """Return every setting with its value and origin. Of a key, at most the last four characters.

    The values are texts; with `as_json`, they have the types of JSON.
    """
    rows: list[Described] = []
    for name in _DESCRIBED:
        value, origin = getattr(settings, name), settings.origins.get(name, "default")
        if name == "slow" and value is None:
            value = "as measured"
        elif name == "text_width":
            value = "full" if value == FULL else value
        elif name == "api_key":
            value, origin = _described_key(settings)
            if settings.api_key is not None and not as_json:
                value = ui_text("…") + value
        elif name == "base_url":
            value = showable(value)
        if not as_json:
            value = _word(value)
        is_json = value is None or isinstance(value, int)
        rows.append(Described(name, value if is_json else str(value), origin))
    tables = {"keys": settings.keys, "filters": settings.filters}
    return rows + [
        Described(f"{table}.{name}", value, settings.path.name)
        for table, values in tables.items()
        for name, value in values.items()
    ]


def _described_key(settings: Settings) -> tuple[Any, str]:
    if settings.demo:
        return "not needed", "--demo"
    if settings.api_key is not None:
        return settings.api_key.hint, settings.origins.get("api_key", "")
    if settings.api_key_command:
        # The arguments of the command may be private.
        return f"output of {settings.api_key_command[0]}", settings.origins["api_key_command"]
    if settings.api_key_keyring:
        return "in the system's keyring", settings.origins["api_key_keyring"]
    return None, "set OPENAI_API_KEY; --demo needs none"


def _word(value: object) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
