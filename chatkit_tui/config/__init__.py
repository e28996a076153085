"""Flags, environment and configuration file, resolved to `Settings`."""

from chatkit_tui.config.api_key import resolve_api_key
from chatkit_tui.config.file import Note, check, config_path
from chatkit_tui.config.resolve import (
    DEFAULT_BASE_URL,
    Described,
    Settings,
    describe,
    describe_values,
    is_local,
    load_settings,
)

__all__ = [
    "DEFAULT_BASE_URL",
    "Described",
    "Note",
    "Settings",
    "check",
    "config_path",
    "describe",
    "describe_values",
    "is_local",
    "load_settings",
    "resolve_api_key",
]
