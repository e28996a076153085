"""The lines of the keys of a TOML document, which `tomllib` does not report."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

KeyPath: TypeAlias = tuple[str, ...]

_PART = (
    r'''"""(?:\\.|[^\\])*?"{3,5}'''
    r"""|'''.*?'{3,5}"""
    r'''|"(?:\\.|[^"\\])*"'''
    r"""|'[^']*'"""
    r"""|\#[^\n]*"""
    r"""|[\[\]{}=\n]"""
    r"""|[^"'\#\[\]{}=\n]+"""
)
"""A string, a comment, a bracket, a line break or other text of a valid document."""


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line, from 1, of each table and key of a valid document.

    Keys inside an inline table are omitted. Of an array of tables, the first counts.
    """
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    line, key, depth = 1, "", 0
    in_value = in_header = False
    for match in re.finditer(_PART, text + "\n", re.DOTALL):
        part = match[0]
        if in_value:
            depth += (part in "[{") - (part in "]}")
            in_value = part != "\n" or depth > 0
        elif part == "=":
            lines.setdefault((*table, *_path(key)), line)
            in_value, key = True, ""
        elif part == "\n":
            if in_header:
                table = _path(key)
                lines.setdefault(table, line)
            in_header, key = False, ""
        elif part in "[]":
            in_header = True
        elif not part.startswith("#"):
            key += part
        line += part.count("\n")
    return lines


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int | None:
    """Return the line of a key, else of its first subkey, else of the nearest parent."""
    within = [line for known, line in lines.items() if known[: len(path)] == path]
    if within:
        return min(within)
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return None


def _path(key: str) -> KeyPath:
    """Return the parts of a key, which may be quoted or dotted."""
    import tomllib

    value: Any = tomllib.loads(f"{key.strip()} = 0")
    path: list[str] = []
    while isinstance(value, dict):
        ((name, value),) = value.items()
        path.append(name)
    return tuple(path)
