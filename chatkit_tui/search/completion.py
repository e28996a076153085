"""What the end of a filter, or of the name of a user, can be completed to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chatkit_tui.search.thread_filter import KEPT, SAVED, Term, terms

_STATUSES = ("active", "locked", "closed")


class Names(NamedTuple):
    """The names that a filter can have."""

    saved: Iterable[str]
    users: Iterable[str]
    predicates: Iterable[str]


def filter_completions(text: str, names: Names) -> list[str]:
    """Return the texts that a filter can be completed to by its last word."""
    last = next(reversed(list(terms(text))), None)
    if last is None or (text[-1:].isspace() and not last.quoted):
        return []
    start = text[: last.start] + ("-" if last.negated else "")
    words = _words(last, names)
    return [start + word for word in words if start + word != text]


def user_completions(text: str, users: Iterable[str]) -> list[str]:
    """Return the names that begin with a text, then those that contain it."""
    wanted = text.casefold()
    names = [name for name in users if wanted in name.casefold()]
    return sorted(names, key=lambda name: not name.casefold().startswith(wanted))


def _words(last: Term, names: Names) -> Iterator[str]:
    value = last.value
    if last.operator == "u":
        for name in user_completions(value, names.users):
            yield f'u:"{name}"' if any(map(str.isspace, name)) else f"u:{name}"
    elif known := {"s": _STATUSES, "is": (*names.predicates, *KEPT)}.get(last.operator):
        beginning = value.lower()
        yield from (f"{last.operator}:{name}" for name in known if name.startswith(beginning))
    elif not last.operator and not last.quoted and value.startswith(SAVED):
        beginning = value.removeprefix(SAVED)
        yield from (f"{SAVED}{name}" for name in names.saved if name.startswith(beginning))
