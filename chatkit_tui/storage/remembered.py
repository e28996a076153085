"""What the program remembers from one run to the next, in `state.json` of the state folder.

It is for choices made in the program; the configuration file is the user's own, and never written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from chatkit_tui.storage.private_file import (
    locked,
    path_exists,
    platform_folder,
    read_bounded,
    replace_file,
)

REMEMBERED: Final = "chosen in the program"
"""The origin of a setting that is remembered."""
_NAME: Final = "state.json"
_LIMIT: Final = 1 << 16
"""Bytes of the largest file that is read."""


class Remembered(NamedTuple):
    """The values of the file by name, unchecked."""

    values: Mapping[str, object] = MappingProxyType({})
    note: str = ""
    """Why the file is ignored; empty if it is not."""


def state_path() -> Path:
    """Return the path of the file, which may not exist."""
    return platform_folder("state") / _NAME


def read_remembered(path: Path) -> Remembered:
    """Return what is remembered; nothing, with a note, from a file that cannot be used."""
    if not path_exists(path):
        return Remembered()
    try:
        values = json.loads(read_bounded(path, _LIMIT))
    except OSError as error:
        return Remembered(note=f"{path} is ignored: {error.strerror}")
    except (ValueError, RecursionError):
        return Remembered(note=f"{path} is ignored: it is not JSON")
    if not isinstance(values, dict):
        return Remembered(note=f"{path} is ignored: it is not a JSON object")
    return Remembered(values)


def remember(path: Path, name: str, value: object) -> None:
    """Remember a JSON value; other values, also those of other versions, are kept.

    A file that cannot be used is replaced. Raise `OSError` if it cannot be written.
    """
    with locked(path):
        values = {**read_remembered(path).values, name: value}
        replace_file(path, json.dumps(values, indent=2).encode() + b"\n")
