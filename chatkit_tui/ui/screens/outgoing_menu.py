"""Which part of a conversation goes to a program, in which form, and to which program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from textual.content import Content

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.export.outgoing import Outgoing
from chatkit_tui.text.plain import ui_text
from chatkit_tui.ui.screens.field_menu import FieldMenu, FieldWords
from chatkit_tui.ui.screens.menu import Menu

_WIDTH: Final = 26
"""Cells of the column of what is offered."""


class Offer(NamedTuple):
    """A row of the menu."""

    outgoing: Outgoing
    note: str
    """How much it is, in words of the program."""


def _row(offer: Offer) -> Content:
    return Content(offer.outgoing.words.ljust(_WIDTH)) + Content.styled(offer.note, "dim")


def pipe_menu(
    offers: Sequence[Offer], chosen: int, command: str, keys: Keymap
) -> FieldMenu[Outgoing]:
    """Return a menu that asks for a shell command and what it gets."""
    words = FieldWords(
        "Pipe to a shell command",
        ui_text("shell command, such as wc, or jq . for JSON"),
        "run",
        "type a command first",
    )
    rows = [(offer.outgoing, _row(offer)) for offer in offers]
    return FieldMenu(words, rows, keys, text=command, chosen=chosen)


class OpenMenu(Menu[Offer]):
    """Asks what to open in another program."""

    def row(self, choice: Offer) -> Content:
        return _row(choice)
