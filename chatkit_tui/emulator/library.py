"""The threads of the emulator and their items, each computed when it is requested."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Final

from chatkit_tui.emulator.requests import JSON, Row
from chatkit_tui.emulator.sample_data import DEMO_NOW, Story, load_script, load_stories

_EPOCH: Final = 1_325_376_000
"""1 January 2012: no thread is older."""
_SPACING: Final = 1800
"""Seconds between generated threads, if there is room before the first story."""
_ARCHIVE: Final = 1 << 40
"""The number of the first story: the ids of stories do not depend on the generated threads."""
_STATUSES: Final[tuple[Mapping[str, JSON], ...]] = (
    {"type": "closed", "reason": "Resolved"},
    {"type": "closed", "reason": None},
    {"type": "closed", "reason": "No answer for 14 days"},
    {"type": "active"},
    {"type": "closed", "reason": "Resolved"},
    {"type": "locked", "reason": "Waiting for the warehouse"},
    {"type": "closed", "reason": "Duplicate of a newer conversation"},
)
"""The statuses of generated threads, in turn."""
_ID_NUMBERS: Final = 1 << 48
_ID_DIGITS: Final = re.compile("[0-9a-f]{48}")


class Library:
    """The threads, oldest first: generated threads, then the stories of the sample data.

    Thread `i` is computed from `i` alone.
    """

    def __init__(
        self, threads: int, items: int | None = None, stories: Sequence[Story] | None = None
    ) -> None:
        """Create `threads` threads; with `items`, each has exactly that many items.

        `stories` are the newest threads, oldest first; None for those of the hosted API.
        """
        self.made = 0
        """The number of thread rows computed so far."""
        stories = load_stories() if stories is None else stories
        self._left_out = max(0, len(stories) - threads)
        self._stories = stories[self._left_out :]
        self._archived = threads - len(self._stories)
        self._items = items
        self._deleted: set[int] = set()
        self._ids = Identifiers("cthr", "threads")
        self._script = load_script()
        self._users = self._script.users
        self._newest_archived: int = stories[0].thread["created_at"]
        room = self._newest_archived - _EPOCH
        self._spacing = min(_SPACING, room // self._archived) if self._archived else 0

    def __len__(self) -> int:
        return self._archived + len(self._stories)

    def row(self, index: int) -> Row:
        """Return the JSON object of a thread; 0 is the oldest."""
        self.made += 1
        identified = {"id": self.identifier(index), "object": "chatkit.thread"}
        if index >= self._archived:
            return {**identified, **self._stories[index - self._archived].thread}
        number = self._archived - 1 - index
        return {
            **identified,
            "created_at": self.created_at(index),
            "title": None if number % 11 == 10 else self._script.title(number, _seed(number)),
            "status": dict(_STATUSES[number % len(_STATUSES)]),
            "user": self.user(index),
        }

    def index_of(self, identifier: str) -> int | None:
        """Return the index of a thread, or None if it does not exist or was deleted."""
        number = self._ids.number(identifier)
        if number is None:
            return None
        if number >= _ARCHIVE:
            index = self._archived + number - _ARCHIVE - self._left_out
        else:
            index = self._archived - 1 - number
        if not 0 <= index < len(self) or index in self._deleted:
            return None
        return index if self.identifier(index) == identifier else None

    def identifier(self, index: int) -> str:
        archived = self._archived - 1 - index
        number = archived if archived >= 0 else _ARCHIVE + self._left_out - archived - 1
        return self._ids.make(self.created_at(index), number)

    def created_at(self, index: int) -> int:
        """Return the time of a thread in Unix seconds, never before that of the previous one."""
        if index >= self._archived:
            created_at: int = self._stories[index - self._archived].thread["created_at"]
            return created_at
        slot = self._archived - index
        jitter = slot * 7919 % self._spacing if self._spacing else 0
        return self._newest_archived - slot * self._spacing + jitter

    def user(self, index: int) -> str:
        if index >= self._archived:
            user: str = self._stories[index - self._archived].thread["user"]
            return user
        return self._users[(self._archived - 1 - index) % len(self._users)]

    def index_of_title(self, title: str) -> int:
        """Return the index of the newest story with a title. Raise `KeyError` if there is none."""
        for number in reversed(range(len(self._stories))):
            if self._stories[number].thread["title"] == title:
                return self._archived + number
        raise KeyError(title)

    def knows(self, user: str) -> bool:
        """Return whether a user has ever had a thread."""
        return user in self._users

    def exists(self, index: int) -> bool:
        """Return whether a thread was not deleted."""
        return index not in self._deleted

    def delete(self, index: int) -> None:
        self._deleted.add(index)

    def conversation(self, index: int) -> Conversation:
        scene, seed = 0, ""
        if index >= self._archived:
            story = self._stories[index - self._archived]
        else:
            number = self._archived - 1 - index
            story = Story({}, (), 3 + number * 31 % 27)
            scene, seed = self._script.start_of_scene(number), _seed(number)
        return Conversation(
            self.identifier(index),
            self.created_at(index),
            story.items,
            story.length if self._items is None else self._items,
            scene,
            seed,
        )


def _seed(number: int) -> str:
    return f"archive {number}"


class Conversation:
    """The items of a thread: its own, then items of the script.

    Item `i` is computed from `i` alone.
    """

    def __init__(
        self,
        thread_id: str,
        created_at: int,
        items: tuple[Row, ...],
        length: int,
        scene: int,
        seed: str,
    ) -> None:
        """Create the conversation of a thread.

        `items` are its own, with their times. All items are between `created_at`, in Unix seconds,
        and `DEMO_NOW`. `scene` is the first item of the script, `seed` selects its words.
        """
        self.thread_id = thread_id
        self.made = 0
        """The number of rows computed so far."""
        self._ids = Identifiers("cti", thread_id)
        self._files = Identifiers("cfile", thread_id)
        self._items = items[:length]
        self._length = length
        self._script = load_script()
        self._scene = scene
        self._seed = seed or thread_id
        self._script_begins = self._items[-1]["created_at"] if self._items else created_at
        from_script = max(0, length - len(self._items))
        rounds = -(-(from_script + scene) // len(self._script))
        self._natural = max(1, rounds * self._script.duration)
        self._span = min(self._natural, max(0, DEMO_NOW - self._script_begins))
        """Seconds that the script takes; shortened if it would exceed `DEMO_NOW`."""

    def __len__(self) -> int:
        return self._length

    def row(self, index: int) -> Row:
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
        rounds, position = divmod(number, len(self._script))
        seconds = rounds * self._script.duration + self._script.offsets[position]
        return seconds * self._span // self._natural

    def _item(self, index: int) -> Row:
        if index < len(self._items):
            return self._items[index]
        return self._script.item(index - len(self._items) + self._scene, self._seed)

    def _identified(self, item: Row, created_at: int, index: int) -> Mapping[str, JSON]:
        """Add the ids that the sample data omits."""
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


class Identifiers:
    """The ids of the rows of one list.

    An id is a prefix and 48 hexadecimal digits: 8 for the time of creation in Unix seconds, as in
    the real API, 12 for the number of the row, and a digest of 28 that masks the number. Ids look
    random, but the row of a cursor is found without a search.
    """

    def __init__(self, prefix: str, seed: str) -> None:
        """Create the ids of a list; lists with different seeds share no id."""
        self._prefix = prefix
        self._seed = seed

    def make(self, seconds: int, number: int) -> str:
        """Return the id of row `number` (below 2⁴⁸), created at `seconds`."""
        tail = self._digest(str(number), 14)
        return f"{self._prefix}_{seconds:08x}{number ^ self._mask(tail):012x}{tail}"

    def number(self, identifier: str) -> int | None:
        """Return the row number in an id, or None if it is not in this form.

        The id may be forged: compare it with the id of that row.
        """
        prefix, _, digits = identifier.partition("_")
        if prefix != self._prefix or not _ID_DIGITS.fullmatch(digits):
            return None
        return int(digits[8:20], 16) ^ self._mask(digits[20:])

    def _mask(self, tail: str) -> int:
        return int(self._digest(tail, 6), 16) % _ID_NUMBERS

    def _digest(self, text: str, size: int) -> str:
        return blake2b(f"{self._seed}\0{text}".encode(), digest_size=size).hexdigest()
