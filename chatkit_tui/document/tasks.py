"""Steps of a workflow, alone or in a group."""

from __future__ import annotations

from typing import Final

from chatkit_tui.document.blocks import Block, Fold, Indented, Paragraph, indented, note, text_block
from chatkit_tui.document.sources import source_list
from chatkit_tui.document.spans import (
    BUSY,
    DIM,
    DONE,
    FIELD,
    FILE,
    PICTURE,
    TASK,
    THOUGHT,
    WEB_SEARCH,
    Inline,
    Span,
    Style,
    Symbol,
    data_as_words,
    spaced,
    untrusted,
)
from chatkit_tui.document.unknown_parts import unknown_part
from chatkit_tui.models.items import Task, TaskGroup
from chatkit_tui.models.parts import UnknownPart
from chatkit_tui.models.tasks import GroupedTask
from chatkit_tui.text.plain import counted

GROUP_LINES: Final = 8
"""Lines of a group that are shown before the user opens it."""

_TASK: Final = Style("task", bold=True)
_SYMBOLS: Final = {
    "custom": TASK,
    "thought": THOUGHT,
    "web_search": WEB_SEARCH,
    "file": FILE,
    "image": PICTURE,
}
_WORDS: Final = {
    "thought": "thinking",
    "web_search": "web search",
    "file": "file",
    "image": "image",
}


def task_symbol(item: Task) -> Symbol:
    """Return the symbol of a step's type."""
    return _symbol(item.step)


def task_title(item: Task) -> tuple[Inline, ...]:
    """Return what readers call the type of a step; its own name if it is unknown."""
    return (_word(item.step, ordinary="task"),)


def task_blocks(item: Task) -> tuple[Block, ...]:
    """Return the words of a step, with its queries and sources."""
    return _step(item.step)


def group_title(item: TaskGroup) -> tuple[Inline, ...]:
    """Return the number of steps, and what the workflow says of itself or how long it took."""
    count = Span(counted(len(item.steps), "task"), _TASK)
    workflow = item.workflow
    if workflow is None:
        return (count,)
    kind = "" if workflow.type == "custom" else workflow.type
    summary, seconds = workflow.summary, workflow.summary and workflow.summary.duration
    return spaced(
        count,
        untrusted(kind, DIM),
        untrusted((summary and summary.title) or ""),
        Span("" if seconds is None else f"{seconds:,.15g} s", DIM),
    )


def group_blocks(item: TaskGroup) -> tuple[Block, ...]:
    """Return the steps of a group."""
    blocks = tuple(_grouped(entry) for entry in item.steps)
    return (Fold(blocks, GROUP_LINES),) if blocks else (note("(no tasks)"),)


def _grouped(entry: GroupedTask | UnknownPart) -> Block:
    if isinstance(entry, UnknownPart):
        return indented(*unknown_part(entry, "task"))
    symbol = _symbol(entry).span(style=Style("task"))
    kind = _word(entry)._replace(style=DIM)
    return Indented(_step(entry, kind), symbol, Span("  ", DIM))


def _symbol(step: GroupedTask) -> Symbol:
    return _SYMBOLS.get(step.type, TASK)


def _word(step: GroupedTask, ordinary: str = "") -> Inline:
    words = {"custom": ordinary, **_WORDS}
    return Span(words[step.type], _TASK) if step.type in words else untrusted(step.type, _TASK)


def _step(step: GroupedTask, kind: Inline | None = None) -> tuple[Block, ...]:
    """Return a step; `kind` is its type where no header shows it."""
    query = step.title_query or ""
    head = spaced(
        untrusted(data_as_words(step.heading or ""), Style(bold=True)),
        untrusted("" if query in (step.heading or "") else query, DIM),
        *((kind,) if kind else ()),
        *_status(step),
    )
    blocks: list[Block] = [Paragraph(head)] if head else []
    if step.summary:
        blocks.append(text_block(step.summary))
    if step.queries:
        label = Span("searched for  ", FIELD)
        found = tuple(Paragraph((untrusted(query),)) for query in step.queries)
        blocks.append(Indented(found, label, Span(" " * len(label.text))))
    blocks += source_list(step.sources)
    return tuple(blocks) or (note("(no heading, no summary)"),)


def _status(step: GroupedTask) -> tuple[Inline, ...]:
    known = {"none": (), "loading": (BUSY.span(after=" in progress"),), "complete": (DONE.span(),)}
    if step.status_indicator in known:
        return known[step.status_indicator]
    return (untrusted(step.status_indicator, DIM),)
