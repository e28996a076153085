"""Steps of the workflow: single tasks and groups of them."""

from __future__ import annotations

from chatkit_tui.document.blocks import Block, Fold, Indented, Paragraph
from chatkit_tui.document.spans import DIM, Span, Style
from chatkit_tui.models.items import GroupedTask, Task, TaskGroup, UnknownPart
from chatkit_tui.render.context import Context
from chatkit_tui.render.spans import lines_of, note, untrusted
from chatkit_tui.render.symbols import TASK, THOUGHT, Symbol
from chatkit_tui.render.unknown import unknown_part

GROUP_LINES = 8
"""How many lines of a group are shown before it is opened."""


def task_sign(kind: str) -> Symbol:
    """The sign of a task of this type."""
    return THOUGHT if kind == "thought" else TASK


def task_title(item: Task) -> tuple[Span, ...]:
    """What stands in the head of a task: its type."""
    return (untrusted(item.task_type, Style("task")),)


def task(item: Task, _context: Context) -> tuple[Block, ...]:
    """A step that was shown on its own."""
    blocks: list[Block] = []
    if item.heading:
        blocks.append(lines_of(item.heading, Style("heading", bold=True)))
    if item.summary:
        blocks.append(lines_of(item.summary))
    return tuple(blocks) or (note("(no heading, no summary)"),)


def group_title(item: TaskGroup) -> tuple[Span, ...]:
    """What stands in the head of a group: how many steps it has."""
    count = len(item.tasks)
    return (Span(f"{count} {'task' if count == 1 else 'tasks'}", Style("task")),)


def task_group(item: TaskGroup, context: Context) -> tuple[Block, ...]:
    """Steps that were shown together, folded when they are many."""
    blocks = tuple(_grouped(entry, context) for entry in item.tasks)
    return (Fold(blocks, GROUP_LINES),) if blocks else (note("(no tasks)"),)


def _grouped(entry: GroupedTask | UnknownPart, context: Context) -> Block:
    if isinstance(entry, UnknownPart):
        gutter = Span("  ", DIM)
        return Indented(unknown_part(entry, "task", context), gutter, gutter)
    sign = f"{task_sign(entry.type).shown(context)} "
    heading = untrusted(entry.heading or "", Style("heading", bold=True))
    kind = untrusted(entry.type, DIM)
    blocks: list[Block] = [
        Paragraph((heading, Span("  "), kind) if entry.heading else (kind,)),
    ]
    if entry.summary:
        blocks.append(lines_of(entry.summary))
    return Indented(tuple(blocks), Span(sign, Style("task")), Span("  ", DIM))
