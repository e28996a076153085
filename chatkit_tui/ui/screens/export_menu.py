"""Where threads are exported to, and in which format."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.export.formats import ExportFormat
from chatkit_tui.text.plain import counted
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.screens.field_menu import FieldMenu, FieldWords

FORMATS: Final = tuple(ExportFormat)
_NOTES: Final = {
    ExportFormat.MARKDOWN: "for people and tickets",
    ExportFormat.HTML: "a page for a browser",
    ExportFormat.TEXT: "as the screen shows it",
    ExportFormat.JSON: "the source's bytes, one document per thread",
    ExportFormat.JSON_LINES: "the source's bytes, one line per item",
    ExportFormat.PARQUET: "for analysis: a dataset of all threads",
}
_WIDTH: Final = 12
"""Cells of the column of formats."""


def export_menu(count: int, kind: str, folder: str, keys: Keymap) -> FieldMenu[ExportFormat]:
    """Return a menu that asks for the folder and the format; `kind` and `folder` come first."""
    words = FieldWords(
        f"Export {counted(count, 'thread')} to a folder",
        "folder, such as ~/exports",
        "export",
        "type a folder first",
    )
    rows = [
        (each, Content(each.words.ljust(_WIDTH)) + Content.styled(_NOTES[each], "dim"))
        for each in FORMATS
    ]
    chosen = next((row for row, each in enumerate(FORMATS) if each == kind), 0)
    return FieldMenu(words, rows, keys, text=sanitize(folder), chosen=chosen)
