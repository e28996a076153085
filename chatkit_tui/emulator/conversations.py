"""The items of one thread, made when they are requested."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from chatkit_tui.emulator import script
from chatkit_tui.emulator.calls import JSON
from chatkit_tui.emulator.identifiers import Identifiers
from chatkit_tui.emulator.sample_data import Row


class Conversation:
    """The items of a thread: its own, then as many of the script as are asked for.

    Item `i` is computed from `i` alone: a million items cost no more than ten.
    """

    def __init__(
        self,
        thread_id: str,
        created_at: int,
        items: tuple[Row, ...],
        length: int,
        *,
        until: int,
        scene: int = 0,
        seed: str = "",
    ) -> None:
        """Create the conversation of a thread.

        `items` are its own, with their times. `created_at` and `until` are Unix seconds; no item
        is outside them. `scene` is the item of the script to go on with, `seed` chooses its words.
        """
        self.thread_id = thread_id
        self.made = 0
        """How many rows were computed so far."""
        self._ids = Identifiers("cti", thread_id)
        self._files = Identifiers("cfile", thread_id)
        self._items = items[:length]
        self._length = length
        self._script = script.load()
        self._scene = scene
        self._seed = seed or thread_id
        self._script_begins = self._items[-1]["created_at"] if self._items else created_at
        from_script = max(0, length - len(self._items))
        rounds = -(-(from_script + scene) // len(self._script))
        self._natural = max(1, rounds * self._script.duration)
        self._span = min(self._natural, max(0, until - self._script_begins))
        """Seconds that the script takes; less than natural if `until` comes earlier."""

    def __len__(self) -> int:
        return self._length

    def row(self, index: int) -> dict[str, JSON]:
        """Return the JSON object of an item; 0 is the oldest."""
        self.made += 1
        created_at = self.created_at(index)
        return {
            "id": self._ids.make(created_at, index),
            "object": "chatkit.thread_item",
            "created_at": created_at,
            "thread_id": self.thread_id,
            **self._identified(self._item(index), created_at, index),
        }

    def index_of(self, identifier: str) -> int | None:
        """Return the index of an item, or None if the thread has no item of that id."""
        index = self._ids.number(identifier)
        if index is None or index >= self._length:
            return None
        return index if self._ids.make(self.created_at(index), index) == identifier else None

    def created_at(self, index: int) -> int:
        """Return the time of an item in Unix seconds, never before that of the previous item."""
        if index < len(self._items):
            created_at: int = self._items[index]["created_at"]
            return created_at
        number = index - len(self._items) + self._scene
        return self._script_begins + self._elapsed(number) - self._elapsed(self._scene)

    def _elapsed(self, number: int) -> int:
        """Return the seconds from the beginning of the script to one of its items."""
        rounds, position = divmod(number, len(self._script))
        seconds = rounds * self._script.duration + self._script.offsets[position]
        return seconds * self._span // self._natural

    def _item(self, index: int) -> Row:
        if index < len(self._items):
            return self._items[index]
        return self._script.item(index - len(self._items) + self._scene, self._seed)

    def _identified(self, item: Row, created_at: int, index: int) -> Mapping[str, JSON]:
        """Fill in the ids that the sample data leaves open."""
        if attachments := item.get("attachments"):
            return {
                **item,
                "attachments": [
                    {**file, "id": self._files.make(created_at, index * 16 + number)}
                    for number, file in enumerate(attachments)
                ],
            }
        if item.get("call_id") == "":
            digest = blake2b(f"{self.thread_id}\0{index}".encode(), digest_size=12).hexdigest()
            return {**item, "call_id": f"call_{digest}"}
        return item
