"""Text about a transcript: the status line, the gap row, and a transcript without items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.document.spans import DIM, Line, Span, Style
from chatkit_tui.render import RenderContext
from chatkit_tui.text.plain import counted, ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.times import clock, moment
from chatkit_tui.ui.messages import FindChanged
from chatkit_tui.ui.styled_lines import empty_pane, key_hints
from chatkit_tui.ui.threads.status_text import flaw_words, from_end_words

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Growth, Side
    from chatkit_tui.feed.filtered_feed import FilteredFeed
    from chatkit_tui.models.page import RawRow
    from chatkit_tui.ui.failures import LoadFailure


class Position(NamedTuple):
    """Where the cursor is, for the status line."""

    number: int
    """The number of the cursor's item among the loaded items, from 1; 0 for none."""
    loaded: int
    """How many items are loaded."""
    whole: bool
    """Whether these are all items of the thread."""
    more_before: bool
    """Whether items above the cursor are not loaded."""
    percent: int | None
    """How much of the thread is above the lower edge of the window; None unless `whole`."""
    fresh: int
    """How many new items were not in the window yet."""
    jump: Side | None
    """The end that the user wants to go to and that is still loading."""
    asked_at: float | None = None
    """When the cursor's item was requested, if others were requested again and it was not."""
    newest_first: bool = False


# -- the status line -------------------------------------------------------------------------------


def amount_words(feed: Feed, marks: int = 0, shown: FilteredFeed | None = None) -> str:
    """Return how many items are loaded, if more exist, and what is wrong with the server's list.

    `marks` is how many of them are marked; `shown` are those that a filter shows.
    """
    items = counted(len(feed), "item")
    if shown is not None:
        so_far = "" if shown.is_judged else " so far"
        items = f"filtered: {len(shown):,}{so_far} of {counted(len(feed), 'loaded item')}"
        items += "" if feed.whole or feed.broken else ", more exist"
    elif feed.broken or (feed.whole and feed.rows.repeats):  # a list in disorder may lack items
        items = f"{items} loaded"
    elif not feed.whole:
        items = f"{items} loaded, more exist"
    return items + (f", {marks:,} marked" if marks else "") + flaw_words(feed)


def place_words(position: Position | None, zone: tzinfo | None = UTC) -> str:
    """Return the number of the item from the top; below a gap, from the end."""
    if position is None or not position.number:
        return ""
    words = []
    if position.fresh:
        words.append(f"{position.fresh:,} new {'above' if position.newest_first else 'below'}")
    if position.jump:
        words.append(ui_text("on the way…"))
    if position.more_before:
        words.append(from_end_words(position.loaded - position.number + 1))
    elif position.whole:
        words.append(f"{position.number:,}/{position.loaded:,}")
    else:
        words.append(f"{position.number:,}")
    if position.asked_at is not None:
        words.append(f"as of {clock(position.asked_at, zone)}")
    if position.percent is not None:
        words.append(f"{position.percent} %")
    return "  ".join(words)


def found_words(search: FindChanged, key: str = "") -> str:
    """Return the number of the current match, and how much was searched so far.

    `key` is the name of the key that loads the rest of the thread, to be offered.
    """
    if search.too_slow:
        words = f"{search.total:,} found, " if search.total else ""
        return f"{words}too slow, only {search.searched:,} of {search.loaded:,} searched"
    more = "+" if search.more else ""
    if search.total:
        words = f"{search.current or ui_text('–')} of {search.total:,}{more}"
    elif not search.done:
        words = ui_text("…")
    elif more:
        words = f"not in {search.loaded:,} loaded"
        words += f": {key} loads the rest" if key else ""
    else:
        words = "not found"
    return words if search.done else f"{words}, {search.searched:,} of {search.loaded:,} searched"


def newer_words(growth: Growth) -> str:
    """Return what a refresh brought."""
    words = []
    if growth.added:
        words.append(counted(growth.added, "newer item"))
    if growth.changed:
        words.append(f"{growth.changed:,} changed")
    if growth.gone:
        words.append(f"{growth.gone:,} gone")
    return ", ".join(words) or "no new items"


# -- inside the transcript -------------------------------------------------------------------------


class Failure(NamedTuple):
    """Why a page failed to load."""

    message: str
    """One untrusted line, as from `str(error)`."""
    hint: str = ""
    """What helps: a key to retry, a countdown."""


def paragraph_lines(texts: Iterable[Span], width: int, *, plain: bool) -> list[Line]:
    """Return texts as a paragraph each."""
    # Imported here: not needed for the first frame.
    from chatkit_tui.document.blocks import Paragraph
    from chatkit_tui.render.layout import lay_out

    return lay_out([Paragraph((text,)) for text in texts], width, plain=plain)


def _failure_texts(failure: Failure, *, plain: bool) -> Iterator[Span]:
    sign = "!" if plain else "✗"
    yield Span(f"{sign} {sanitize(failure.message)}", Style("bad", bold=True))
    if failure.hint:
        yield Span(f"  {sanitize(failure.hint)}")


def gap_lines(
    feed: Feed,
    context: RenderContext,
    width: int,
    *,
    loading: bool,
    failures: tuple[Failure, ...],
) -> tuple[Line, ...]:
    """Return the gap row: what is missing, whether it is loading, what failed."""
    dots = "..." if context.plain else "···"
    missing = f"not loaded: {_missing(feed, context)}" if not feed.rows.whole else "filtering"
    texts = [Span(f"{dots} {missing}", DIM)]
    for failure in failures:
        texts += _failure_texts(failure, plain=context.plain)
    broken = None if feed.whole else feed.broken
    if feed.order_ignored:
        text = "the server ignores the order: items are loaded from one side alone"
        texts.append(Span(text, DIM))
    if loading:
        texts.append(Span(f"{dots} loading", Style("busy")))
    elif broken and not failures:
        hint = "what follows can only be reached from the other end"
        texts += _failure_texts(Failure(broken, hint), plain=context.plain)
    elif not failures:
        texts.append(Span(dots, DIM))
    return (*paragraph_lines(texts, width, plain=context.plain), ())


def _missing(feed: Feed, context: RenderContext) -> str:
    """Name the missing items by the times of their neighbors."""
    sides = (feed.rows.old.rows, feed.rows.new.rows)  # also those that a filter hides
    older, newer = (_time_of(side[-1], context) if side else "" for side in sides)
    if older and newer:
        return f"items between {older} and {newer}"
    return f"items after {older}" if older else f"items before {newer}"


def _time_of(entry: RawRow, context: RenderContext) -> str:
    time = entry.time
    return moment(time.seconds, context.zone) if time else f"item {sanitize(entry.name)}"


def empty_words(feed: Feed) -> str:
    """Return why a transcript has no items to show."""
    if feed.hidden:
        return f"None of {counted(feed.hidden, 'loaded item')} matches the filter."
    return "This thread has no items." if feed.whole else feed.broken or "Loading the first items."


def notice_lines(
    text: str, width: int, *, failure: Failure | None = None, plain: bool = False
) -> list[Line]:
    """Return what a transcript without items shows: a sentence, or the failure."""
    texts = _failure_texts(failure, plain=plain) if failure else [Span(text, DIM)]
    return paragraph_lines(texts, width, plain=plain)


def failure_lines(
    failure: LoadFailure | None, keys: Keymap, width: int, *, counts_down: bool
) -> Sequence[Sequence[Span]]:
    """Return what is shown in place of a conversation that failed to load.

    None stands for a load that was stopped. With `counts_down`, the notice below shows the key to
    retry.
    """
    reason = sanitize(failure.text) if failure else ""
    what = "The conversation could not be loaded." if reason else "Loading was stopped."
    retry = {} if counts_down else {"retry": "tries again"}
    return empty_pane(what, reason, key_hints(keys, **retry, back="goes back"), width)
