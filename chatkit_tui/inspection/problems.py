"""The problems in what is loaded of a thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from chatkit_tui.inspection.summary import Run
from chatkit_tui.models.thread_summary import ENDED
from chatkit_tui.predicates.problems import find_problems

if TYPE_CHECKING:
    from chatkit_tui.feed import LoadedCopy


def runs_of(items: LoadedCopy) -> list[Run]:
    """Return what is loaded of a thread as runs of neighbors, oldest first."""
    old, new = items.old, items.new[::-1]
    if items.whole:
        return [Run([*old, *new])]
    runs = [Run(old, has_newest=False), Run(new, has_oldest=False)]
    return [run for run in runs if run.rows]


def loaded_problems(
    items: LoadedCopy, now: float, *, status: str = "active", status_reason: str | None = None
) -> Mapping[str, str]:
    """Return why items are problems, by the key of the item. The texts are untrusted.

    Besides the predicates, the last item of a thread that is not active is a problem. `now` is in
    Unix seconds. What cannot be known before the rest is loaded is left out. May be called on any
    thread; some 100 µs for each item.
    """
    reasons: dict[str, list[str]] = defaultdict(list)
    for rows, _, has_newest in runs_of(items):
        for finding in find_problems(rows, has_newest=has_newest, now=now):
            reasons[rows[finding.place].key].append(finding.reason)
        if has_newest and rows and status in ENDED:
            reasons[rows[-1].key].append(_last_words(status, status_reason))
    return {key: "; ".join(texts) for key, texts in reasons.items()}


def _last_words(status: str, reason: str | None) -> str:
    return f"the last item before the thread was {status}" + (f" ({reason})" if reason else "")
