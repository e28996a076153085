"""An emulator whose threads all have the items that a test gives."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_tui.emulator import DEMO_NOW
from chatkit_tui.emulator.library import Conversation, Library
from chatkit_tui.models.json import JSON
from tests.held_emulator import HeldEmulator

Row = dict[str, JSON]

BEGAN = DEMO_NOW - 10 * 24 * 3600
"""When the first item was created, in Unix seconds."""


def user(text: str = "hello?") -> Row:
    return {"type": "chatkit.user_message", "content": [{"type": "input_text", "text": text}]}


def assistant(text: str = "here you are") -> Row:
    return {"type": "chatkit.assistant_message", "content": [{"type": "output_text", "text": text}]}


def task() -> Row:
    return {"type": "chatkit.task", "task_type": "custom", "heading": "look it up"}


def call(status: str = "completed", output: str | None = '{"ok": true}') -> Row:
    return {
        "type": "chatkit.client_tool_call",
        "call_id": "call_1",
        "name": "look_up",
        "status": status,
        "arguments": "{}",
        "output": output,
    }


class _Library(Library):
    items: tuple[Row, ...] = ()

    def conversation(self, index: int) -> Conversation:
        items, began = self.items, self.created_at(index)
        return Conversation(self.identifier(index), began, items, len(items), 0, "")


class TalkEmulator(HeldEmulator):
    """The emulator with these items, a minute apart unless they have times, in each thread."""

    def __init__(self, items: Sequence[Row], *, threads: int = 3) -> None:
        super().__init__(threads=threads)
        self.library = library = _Library(threads)
        library.items = tuple(
            {"created_at": BEGAN + 60 * number, **item} for number, item in enumerate(items)
        )
