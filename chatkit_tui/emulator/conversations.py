"""The items of one thread, made when they are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from itertools import accumulate

from chatkit_tui.emulator.calls import JSON
from chatkit_tui.emulator.identifiers import Identifiers
from chatkit_tui.emulator.stories.endless import DURATION, LENGTH, OFFSETS, endless_step
from chatkit_tui.emulator.stories.telling import Step

_BELIEVABLE_GAP = {
    "chatkit.user_message": 95,
    "chatkit.assistant_message": 7,
    "chatkit.widget": 0,
    "chatkit.client_tool_call": 2,
    "chatkit.task": 3,
    "chatkit.task_group": 4,
}
"""Seconds. A widget comes in the same second as the words before it."""


class Conversation:
    """The rows of a thread: a story's steps, then as much of the endless script as is asked for.

    Item `i` is computed from `i` alone: a million items cost no more than ten.
    """

    def __init__(
        self,
        thread_id: str,
        begun: int,
        steps: tuple[Step, ...],
        length: int,
        *,
        until: int,
        scene: int = 0,
        seed: str = "",
    ) -> None:
        """`begun` and `until` are Unix seconds; nothing happens outside them.

        `scene` is the step of the endless script to go on with, `seed` what its words depend on.
        """
        self.thread_id = thread_id
        self.made = 0
        """How many rows were computed so far."""
        self._ids = Identifiers("cti", thread_id)
        self._files = Identifiers("cfile", thread_id)
        self._steps = steps[:length]
        self._length = length
        self._scene = scene
        self._seed = seed or thread_id
        gaps = (
            _BELIEVABLE_GAP.get(step.type, 5) + _variation(step) if step.gap is None else step.gap
            for step in self._steps
        )
        self._told = [min(begun + offset, until) for offset in accumulate(gaps)]
        self._goes_on_at = self._told[-1] if self._told else begun
        untold = max(0, length - len(self._steps))
        rounds = -(-(untold + scene) // LENGTH)
        self._natural = max(1, rounds * DURATION)
        self._span = min(self._natural, max(0, until - self._goes_on_at))
        """Seconds that the endless script takes; less than natural where there is no room."""

    def __len__(self) -> int:
        return self._length

    def row(self, index: int) -> dict[str, JSON]:
        """The JSON object of an item; 0 is the oldest."""
        self.made += 1
        created_at = self.created_at(index)
        step = self._step(index)
        return {
            "id": self._ids.make(created_at, index),
            "object": "chatkit.thread_item",
            "created_at": created_at,
            "thread_id": self.thread_id,
            "type": step.type,
            **self._identified(step.fields, created_at, index),
        }

    def index_of(self, identifier: str) -> int | None:
        """The index of an item, or None when this thread has none of that id."""
        index = self._ids.number(identifier)
        if index is None or index >= self._length:
            return None
        return index if self._ids.make(self.created_at(index), index) == identifier else None

    def created_at(self, index: int) -> int:
        """Unix seconds; never less than that of the item before."""
        if index < len(self._told):
            return self._told[index]
        number = index - len(self._told) + self._scene
        return self._goes_on_at + self._elapsed(number) - self._elapsed(self._scene)

    def _elapsed(self, number: int) -> int:
        """Seconds from the beginning of the endless script to one of its steps."""
        whole, position = divmod(number, LENGTH)
        return (whole * DURATION + OFFSETS[position]) * self._span // self._natural

    def _step(self, index: int) -> Step:
        if index < len(self._steps):
            return self._steps[index]
        return endless_step(index - len(self._steps) + self._scene, self._seed)

    def _identified(
        self, fields: Mapping[str, JSON], created_at: int, index: int
    ) -> Mapping[str, JSON]:
        """Fill in the ids that a step leaves open."""
        if attachments := fields.get("attachments"):
            return {
                **fields,
                "attachments": [
                    {**file, "id": self._files.make(created_at, index * 16 + number)}
                    for number, file in enumerate(attachments)
                ],
            }
        if fields.get("call_id") == "":
            digest = blake2b(f"{self.thread_id}\0{index}".encode(), digest_size=12).hexdigest()
            return {**fields, "call_id": f"call_{digest}"}
        return fields


def _variation(step: Step) -> int:
    """Some seconds more, so that conversations do not tick like a clock."""
    if step.type == "chatkit.widget":
        return 0
    return len(repr(step.fields)) % 37 if step.type == "chatkit.user_message" else 0
