"""The figures of a conversation: what is in it, how fast it was answered, what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from itertools import islice, pairwise
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from chatkit_tui.document.sources import sources_of
from chatkit_tui.models.items import ClientToolCall, Item, UserMessage, read_item
from chatkit_tui.models.parts import Attachment
from chatkit_tui.predicates.answers import find_answers
from chatkit_tui.predicates.predicate import Predicate
from chatkit_tui.predicates.problems import find_problems
from chatkit_tui.search.searchable_text import KINDS
from chatkit_tui.text.plain import counted, is_plain
from chatkit_tui.text.times import moment, span

if TYPE_CHECKING:
    from chatkit_tui.models.page import RawRow

BARS: Final = 32
"""Parts of the time between the first and the last item that activity is counted in."""
MOST_NAMED: Final = 8
"""Names of a figure that are shown, the most frequent ones; JSON has all."""
_HEIGHTS: Final = "▁▂▃▄▅▆▇█"


class Run(NamedTuple):
    """Items without a gap between them, oldest first."""

    rows: Sequence[RawRow]
    has_oldest: bool = True
    """Whether it begins with the first item of the thread."""
    has_newest: bool = True
    """Whether it ends with the last item of the thread."""


class ToolFigures(NamedTuple):
    """The calls of one tool. A call takes until the next item, as far as times say."""

    calls: int
    failures: int
    in_progress: int
    median_seconds: float | None
    longest_seconds: int | None


class Summary(NamedTuple):
    """The figures. Names in it are untrusted; times are Unix seconds, durations seconds."""

    items: int
    whole: bool
    """Whether these are all items of the thread."""
    by_kind: Mapping[str, int]
    first: int | None
    last: int | None
    longest_gap: int | None
    longest_gap_after: str | None
    """The id of the item before the gap."""
    answers: int
    """Messages of the user that were answered after a known time."""
    median_answer: float | None
    worst_answer: int | None
    worst_answer_to: str | None
    """The id of the message that waited longest."""
    tools: Mapping[str, ToolFigures]
    attachments: Mapping[str, int]
    """Files by their type."""
    sources: Mapping[str, int]
    """Citations by address or file name."""
    models: Mapping[str, int]
    """Messages by the model that the user chose."""
    activity: Sequence[int]
    """Items in each of `BARS` equal parts of the time from the first to the last."""
    problems: Mapping[str, int]
    """Findings by predicate."""

    def as_json(self) -> dict[str, object]:
        """Return the figures by name, for `json.dumps`."""
        tools = {name: figures._asdict() for name, figures in self.tools.items()}
        return {**self._asdict(), "tools": tools}


def summarize(runs: Sequence[Run], now: float) -> Summary:
    """Return the figures of items. `now` is in Unix seconds. Raise nothing.

    Costs some 200 µs for each item, so call it on a thread where there are many.
    """
    parsed = [[read_item(row) for row in run.rows] for run in runs]
    items = [item for run in parsed for item in run]
    waits, failed, problems = _judge(runs, parsed, now)
    times = [time.seconds for item in items if (time := item.time)]
    gap, before = max(_gaps(parsed), key=lambda found: found[0], default=(None, None))
    worst = max(waits, key=lambda wait: wait[0], default=(None, None))
    return Summary(
        items=len(items),
        whole=len(runs) == 1 and runs[0].has_oldest and runs[0].has_newest,
        by_kind=_counts(KINDS.get(item.kind, "other") for item in items),
        first=min(times, default=None),
        last=max(times, default=None),
        longest_gap=gap,
        longest_gap_after=before,
        answers=len(waits),
        median_answer=median(seconds for seconds, _ in waits) if waits else None,
        worst_answer=worst[0],
        worst_answer_to=worst[1],
        tools=_tools(parsed, failed),
        attachments=_counts(_attachments(items)),
        sources=_counts(_sources(items)),
        models=_counts(_models(items)),
        activity=_activity(times),
        problems={name: problems[name] for name in Predicate if problems[name]},
    )


def _judge(
    runs: Sequence[Run], parsed: Sequence[Sequence[Item]], now: float
) -> tuple[list[tuple[int, str]], set[int], Counter[Predicate]]:
    """Return the waits with their questions, the failed calls by identity, and all problems."""
    waits: list[tuple[int, str]] = []
    failed: set[int] = set()
    problems: Counter[Predicate] = Counter()
    for (_, _, has_newest), items in zip(runs, parsed, strict=True):
        waits += [
            (answer.seconds, items[answer.question].id)
            for answer in find_answers(items)
            if answer.seconds is not None
        ]
        found = find_problems(items, has_newest=has_newest, now=now)
        problems.update(finding.predicate for finding in found)
        failed.update(
            id(items[finding.place])
            for finding in found
            if finding.predicate is Predicate.TOOL_ERROR
        )
    return waits, failed, problems


def _gaps(runs: Sequence[Sequence[Item]]) -> Iterator[tuple[int, str]]:
    for items in runs:
        for item, later in pairwise(items):
            if item.time and later.time:
                yield later.time.seconds - item.time.seconds, item.id


def _tools(runs: Sequence[Sequence[Item]], failed: set[int]) -> dict[str, ToolFigures]:
    calls: dict[str, list[ClientToolCall]] = {}
    durations: dict[str, list[int]] = {}
    for items in runs:
        for place, item in enumerate(items):
            if not isinstance(item, ClientToolCall):
                continue
            calls.setdefault(item.name, []).append(item)
            later = items[place + 1].time if place + 1 < len(items) else None
            if item.status != "in_progress" and item.time and later:
                seconds = max(0, later.seconds - item.time.seconds)
                durations.setdefault(item.name, []).append(seconds)
    return {
        name: ToolFigures(
            len(made),
            sum(id(call) in failed for call in made),
            sum(call.status == "in_progress" for call in made),
            median(durations[name]) if name in durations else None,
            max(durations.get(name, ()), default=None),
        )
        for name, made in sorted(calls.items(), key=lambda entry: -len(entry[1]))
    }


def _attachments(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        for file in item.attachments if isinstance(item, UserMessage) else ():
            yield (isinstance(file, Attachment) and file.mime_type) or file.type or "unknown"


def _sources(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        for source in sources_of(item):
            yield source.url or source.filename or source.title or source.id or "unknown"


def _models(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        options = item.inference_options if isinstance(item, UserMessage) else None
        if options is not None and options.model:
            yield options.model


def _activity(times: Sequence[int]) -> list[int]:
    counts = [0] * BARS
    first, length = min(times, default=0), max(times, default=0) - min(times, default=0) + 1
    for time in times:
        counts[(time - first) * BARS // length] += 1
    return counts


def _counts(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names).most_common())


# -- in words --------------------------------------------------------------------------------------


def summary_facts(summary: Summary, zone: tzinfo | None = UTC) -> list[tuple[str, str]]:
    """Return names and values for display. Values hold untrusted text."""
    more = "the whole thread" if summary.whole else "loaded, more exist"
    facts = [
        ("items", f"{summary.items:,}, {more}"),
        ("kinds", _listed(summary.by_kind)),
        ("first", _moment(summary.first, zone)),
        ("last", _moment(summary.last, zone)),
    ]
    if summary.longest_gap is not None:
        facts.append(
            ("longest gap", f"{span(summary.longest_gap)} after {summary.longest_gap_after}")
        )
    facts.append(("answers", _answers(summary)))
    facts += [(f"tool {name}", _tool(figures)) for name, figures in summary.tools.items()]
    counts = (summary.attachments, summary.sources, summary.models)
    for name, values in zip(("attachments", "sources", "models"), counts, strict=True):
        facts.append((name, _listed(values)))
    facts.append(("activity", sparkline(summary.activity)))
    facts.append(("problems", _listed(summary.problems)))
    return facts


def sparkline(counts: Sequence[int]) -> str:
    """Return bars; in plain output the numbers. Without counts it is empty."""
    if is_plain():
        return " ".join(map(str, counts))
    most = max(counts, default=0)
    top = len(_HEIGHTS) - 1
    return "".join(_HEIGHTS[-(-count * top // most)] if count else " " for count in counts).rstrip()


def _listed(counts: Mapping[str, int]) -> str:
    named = [f"{count:,} {name}" for name, count in islice(counts.items(), MOST_NAMED)]
    if len(counts) > MOST_NAMED:
        named.append(f"{len(counts) - MOST_NAMED:,} others")
    return ", ".join(named) or "none"


def _moment(seconds: int | None, zone: tzinfo | None) -> str:
    return "unknown" if seconds is None else moment(seconds, zone)


def _answers(summary: Summary) -> str:
    if summary.median_answer is None or summary.worst_answer is None:
        return "none"
    times = f"median {span(summary.median_answer)}, worst {span(summary.worst_answer)}"
    return f"{summary.answers:,}, {times} to {summary.worst_answer_to}"


def _tool(figures: ToolFigures) -> str:
    parts = [counted(figures.calls, "call")]
    if figures.failures:
        parts.append(f"{figures.failures:,} failed")
    if figures.in_progress:
        parts.append(f"{figures.in_progress:,} in progress")
    if figures.median_seconds is not None and figures.longest_seconds is not None:
        parts.append(f"median {span(figures.median_seconds)}")
        parts.append(f"longest {span(figures.longest_seconds)}")
    return ", ".join(parts)
