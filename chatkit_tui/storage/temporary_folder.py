"""A private temporary folder; one that a killed program left is removed by the next program."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_PREFIX: Final = "chatkit-tui-"
"""How the names of the folders begin; the id of the process follows."""


def temporary_place() -> str:
    """Return the folder for temporary files, in memory and of this user alone if possible."""
    place = os.environ.get("XDG_RUNTIME_DIR", "")
    if place and Path(place).is_absolute() and os.access(place, os.W_OK):
        return place
    return tempfile.gettempdir()


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder for this user alone, which is removed with the context. Raise `OSError`."""
    place = temporary_place()
    _remove_left(place)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left(place: str) -> None:
    """Remove the folders of this user whose program has ended."""
    with suppress(OSError), os.scandir(place) as entries:
        names = [entry.name for entry in entries if entry.name.startswith(_PREFIX)]
        for name in names:
            number = name.removeprefix(_PREFIX).partition("-")[0]
            if number.isdecimal():
                _remove_if_left(Path(place, name), int(number))


def _remove_if_left(folder: Path, process: int) -> None:
    with suppress(OSError):
        if folder.lstat().st_uid == os.getuid() and not folder.is_symlink():
            try:
                os.kill(process, 0)
            except ProcessLookupError:
                shutil.rmtree(folder, ignore_errors=True)
