"""On which line of a TOML document each key stands, which `tomllib` does not tell.

Only for documents that `tomllib` has read: what is valid needs no more than to be taken apart at
strings, comments, brackets and ends of lines.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

Path = tuple[str, ...]

_PIECE = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}'''
    r"""|'''.*?'{3,5}"""
    r'''|"(?:\\.|[^"\\])*"'''
    r"""|'[^']*'"""
    r"""|\#[^\n]*"""
    r"""|[\[\]{}=\n]"""
    r"""|[^"'\#\[\]{}=\n]+""",
    re.DOTALL,
)


def key_lines(text: str) -> dict[Path, int]:
    """The line, from 1, of each table and key by its path.

    Keys inside an inline table are not in it: they stand on the line of the key they belong to.
    Of several tables of an array, the first counts.
    """
    lines: dict[Path, int] = {}
    table: Path = ()
    line, key, depth = 1, "", 0
    in_value = in_header = False
    for match in _PIECE.finditer(text + "\n"):
        piece = match[0]
        if in_value:
            depth += (piece in "[{") - (piece in "]}")
            in_value = piece != "\n" or depth > 0
        elif piece == "=":
            lines.setdefault((*table, *_path(key)), line)
            in_value, key = True, ""
        elif piece == "\n":
            if in_header:
                table = _path(key)
                lines.setdefault(table, line)
            in_header, key = False, ""
        elif piece in "[]":
            in_header = True
        elif not piece.startswith("#"):
            key += piece
        line += piece.count("\n")
    return lines


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """The line of a key, else of the first key within it, else of the nearest one around it."""
    within = [line for known, line in lines.items() if known[: len(path)] == path]
    if within:
        return min(within)
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return None


def _path(key: str) -> Path:
    """The parts of a key as it is written, quoted or dotted."""
    value: Any = tomllib.loads(f"{key.strip()} = 0")
    path: list[str] = []
    while isinstance(value, dict):
        ((name, value),) = value.items()
        path.append(name)
    return tuple(path)
