"""The page of an item: as it is drawn, what it leads to, and its JSON to fold, search and copy."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual.app import ComposeResult
from textual.events import Resize
from textual.widgets import Input
from textual.worker import Worker

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import DETAIL_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.document.spans import DIM, Span
from chatkit_tui.inspection.item_detail import (
    Section,
    addresses_of,
    item_sections,
    json_tree,
)
from chatkit_tui.inspection.json_tree import JsonTree
from chatkit_tui.models.items import read_item
from chatkit_tui.models.page import RawRow
from chatkit_tui.render import RenderContext
from chatkit_tui.text.plain import quoted, ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import shorten
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.detail_rows import DetailRows
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.screens.pages import LinesScreen, wrapped
from chatkit_tui.ui.styled_lines import BAD
from chatkit_tui.ui.widgets.field import TextField
from chatkit_tui.ui.widgets.lines import Footer, OneLine

LONGEST_SHOWN = 200_000
"""Characters of a value that its page shows."""


class DetailScreen(ModalOnce[None]):
    """A page over the whole screen; closing it leaves the transcript where it was."""

    DEFAULT_CSS = """
    DetailScreen { background: $background; }
    DetailScreen TextField { display: none; }
    DetailScreen.-asking TextField { display: block; }
    """

    def __init__(
        self,
        row: RawRow,
        context: RenderContext,
        keys: Keymap,
        *,
        copy: Callable[[str], Awaitable[str]],
        open_addresses: Callable[[list[str], Callable[[str], None]], None],
    ) -> None:
        """`copy` copies a text and returns a report; `open_addresses` offers addresses, and
        reports to its second argument."""
        super().__init__()
        self._row = row
        self._draw_context = context._replace(relative=False)
        self._copy = copy
        self._open_addresses = open_addresses
        self._tree: JsonTree | str | None = None
        self._addresses: list[str] = []
        self.moves = DetailRows()
        self._field = TextField(placeholder="a key or a value")
        self._note = OneLine()
        self._footer = Footer()
        self._is_asking = False
        self.commands = CommandKeys(self, DETAIL_COMMANDS, keys, lambda: CommandContext(self.pane))

    def compose(self) -> ComposeResult:
        yield self.moves
        yield self._note
        yield self._field
        yield self._footer

    def on_mount(self) -> None:
        self.moves.focus()
        self._say(ui_text("reading…"))
        self._say_keys()

    def on_resize(self, event: Resize | None = None) -> None:
        """Wrap to the new width, in a thread: an item may be large."""
        del event
        _: Worker[None] = self.run_worker(self._read, group="read", exclusive=True)

    async def _read(self) -> None:
        self.moves.show(*await asyncio.to_thread(self._made, max(20, self.app.size.width - 2)))

    def _made(self, width: int) -> tuple[list[Section], JsonTree | str]:
        item = read_item(self._row)
        if self._tree is None:  # else it keeps what is folded
            self._tree, self._addresses = json_tree(item), addresses_of(item)
        return item_sections(item, self._draw_context, width), self._tree

    @property
    def pane(self) -> Pane:
        """The pane whose keys work."""
        return Pane.PROMPT if self._is_asking else Pane.DETAIL

    def _say_keys(self) -> None:
        self._footer.show_hints(self.commands.hints())

    def _say(self, text: str, *, bad: bool = False) -> None:
        """Show words of the program, or sanitized ones."""
        self._note.show([Span(shorten(f" {text}", self.app.size.width), BAD if bad else DIM)])

    def show_reason(self, reason: str) -> None:
        """Show why a key did nothing in place of the path, until the next key."""
        if reason or self._shown_reason:
            self._say(reason or sanitize(self._path()))
        self._shown_reason = reason

    def on_detail_rows_moved(self, message: DetailRows.Moved) -> None:
        """Show the path of the row under the cursor."""
        message.stop()
        self._say(sanitize(self._path()))

    def _path(self) -> str:
        node, tree = self.moves.node, self.moves.json
        return tree.path(node) if tree is not None and node is not None else ""

    def _value(self) -> str:
        node, tree, row = self.moves.node, self.moves.json, self.moves.current
        if tree is not None and node is not None:
            return tree.value(node)
        return row.value if row is not None else ""

    # -- commands ----------------------------------------------------------------------------------

    def action_fold(self) -> None:
        """Fold or unfold a row; show a value without entries in full."""
        if self.moves.toggle():
            return
        value = self._value()
        if not value:
            self._say("there is nothing to unfold")
            return
        shown = value[:LONGEST_SHOWN]
        head = self._path()

        def lines_at(width: int) -> list[list[Span]]:
            lines = wrapped(head, width, DIM, " ")
            for line in shown.split("\n"):
                lines += wrapped(line, width, DIM._replace(role="text"), " ")
            if len(value) > len(shown):
                lines.append([Span(f" ({len(value) - len(shown):,} more characters)", BAD)])
            return lines

        self.app.push_screen(LinesScreen(lines_at, self.commands.keymap))

    def action_fold_all(self) -> None:
        self.moves.set_all_open(is_open=False)

    def action_unfold_all(self) -> None:
        self.moves.set_all_open(is_open=True)

    def action_next_section(self) -> None:
        self.moves.go_to_section(1)

    def action_previous_section(self) -> None:
        self.moves.go_to_section(-1)

    async def action_copy_value(self) -> None:
        await self._copy_text("value", self._value())

    async def action_copy_path(self) -> None:
        await self._copy_text("path", self._path())

    async def _copy_text(self, name: str, text: str) -> None:
        if not text:
            self._say(f"this row has no {name} to copy")
        else:
            self._say(f"{name}: {await self._copy(text)}")

    def action_open_address(self) -> None:
        """Offer the address of the row, else all of the item."""
        row = self.moves.current
        if row is not None and row.address is not None:
            self._open_addresses([row.address], self._say)
        elif self._addresses:
            self._open_addresses(self._addresses, self._say)
        else:
            self._say("this item has no address to open")

    def action_close(self) -> None:
        self.dismiss(None)

    # -- search ------------------------------------------------------------------------------------

    def action_search(self) -> None:
        self.add_class("-asking")
        self._is_asking = True
        self._field.focus()
        self._say_keys()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value:
            self._find(1, stay=True)

    def action_accept(self) -> None:
        self._is_asking = False
        self.remove_class("-asking")
        self.moves.focus()
        self._say_keys()

    def action_give_up(self) -> None:
        self._field.value = ""
        self.action_accept()

    def action_next(self) -> None:
        self._find(1)

    def action_previous(self) -> None:
        self._find(-1)

    def _find(self, step: int, *, stay: bool = False) -> None:
        needle = self._field.value
        if not needle:
            self._say(f"{self.commands.keymap.first_name('detail_search')} searches")
        elif not self.moves.find(needle, step, stay=stay):
            self._say(f"nothing has {quoted(sanitize(needle))}", bad=True)
