"""A thread in words, and a conversation as text."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence

import pytest

from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import line_text
from chatkit_tui.models.items import Item
from chatkit_tui.models.json import JSON
from chatkit_tui.models.threads import Thread, parse_thread
from chatkit_tui.render import Title, title_of
from chatkit_tui.render.threads import (
    first_words,
    status_spans,
    thread_head,
    transcript_lines,
)
from chatkit_tui.text.width import cells
from chatkit_tui.ui.threads.line import title_span
from chatkit_tui.ui.threads.rows import row_of
from tests.render.examples import ASSISTANT, CONTEXT, EXAMPLES, MADE, TOOL_DONE, USER, item
from tests.render.test_frames import COLUMNS, FRAMES, check_frame


def thread(**fields: JSON) -> Thread:
    """A thread, read from JSON as the wire has it."""
    common = {"id": "cthr_example", "created_at": MADE - 60, "user": "ines@example.com"}
    value = {**common, "status": {"type": "active"}, "title": "Where is my parcel?", **fields}
    return parse_thread(json.dumps(value).encode())


def head(what: Thread, width: int = 80, words: str | None = None) -> list[str]:
    """The head of a transcript in words."""
    return [line_text(line) for line in thread_head(what, width, CONTEXT, first_words=words)]


async def text_of(what: Thread, items: Sequence[Item], width: int = 80) -> list[str]:
    """A transcript with absolute times."""

    async def stream() -> AsyncIterator[Item]:
        for each in items:
            yield each

    context = CONTEXT._replace(relative=False, user="")
    return [line async for line in transcript_lines(what, stream(), width, context)]


def thread_title(what: Thread, first: str | None = None) -> Title:
    return title_of(what.title, first)


def test_a_title_is_shown_on_one_line_and_made_visible() -> None:
    assert title_of(thread(title="two\n lines\x1b").title) == ("two lines␛", False)


@pytest.mark.parametrize("title", [None, "", "  "])
def test_a_missing_title_is_derived_from_the_user_s_words(title: str | None) -> None:
    assert title_of(thread(title=title).title, "It says so") == ("“It says so”", True)
    assert title_of(thread(title=title).title) == ("(untitled)", True)


def test_the_first_words_are_the_user_s_and_not_a_quote() -> None:
    words = first_words([ASSISTANT, USER])
    assert words is not None
    assert words.startswith("It says so every morning. Parcel 88-1207")


def test_items_without_words_of_the_user_give_none() -> None:
    empty = item("user_message", content=[], attachments=[{"type": "file", "name": "a"}])
    assert first_words([ASSISTANT, empty]) is None
    assert first_words([empty, ASSISTANT, USER]) == first_words([USER])


def test_separators_in_a_title_are_shown() -> None:
    text = " a\u2028b\u2029c\x85d\x1ce\n f\r\n"
    shown = "a⟨U+2028⟩b⟨U+2029⟩c⟨U+0085⟩d␜e f"
    assert thread_title(thread(title=text)).text == shown
    said = first_words([item("user_message", content=text)])
    assert thread_title(thread(title=None), said).text == f"“{shown}”"


@pytest.mark.parametrize("title", ["A  title\nin lines", " \t\n", "", None, "[/b]\u202e"])
def test_list_and_head_call_a_thread_alike(title: str | None) -> None:
    what = thread(title=title)
    for words in (None, "said\u200b first"):
        listed, _ = title_span(row_of(what), words)
        assert listed == thread_title(what, words).text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ({"type": "active"}, "● active"),
        ({"type": "locked", "reason": "a hold"}, "◐ locked: a hold"),
        ({"type": "closed", "reason": None}, "○ closed"),
        ({"type": "parked"}, "? parked"),
        (None, "? unknown"),
    ],
)
def test_a_status_has_sign_word_and_reason(status: JSON, words: str) -> None:
    assert line_text(safe_spans(status_spans(thread(status=status).status))) == words


def test_the_head_of_a_transcript_says_whose_it_is_and_how_it_stands() -> None:
    assert head(thread()) == [
        "Where is my parcel?",
        "user    ines@example.com",
        "status  ● active",
        "began   3 h ago",
        "thread  cthr_example",
    ]


def test_the_head_of_a_thread_without_anything_says_so() -> None:
    assert head(parse_thread(b"{}")) == [
        "(untitled)",
        "user    unknown",
        "status  ? unknown",
        "began   time unknown",
        "thread  no id",
    ]


@pytest.mark.parametrize("width", [12, 33])
def test_the_head_keeps_to_its_width(width: int) -> None:
    assert all(cells(line) <= width for line in head(thread(user="ines@" + "x" * 40), width))


@pytest.mark.parametrize("columns", COLUMNS)
async def test_a_transcript_looks_as_it_did(columns: int) -> None:
    lines = await text_of(thread(), [USER, ASSISTANT, TOOL_DONE], columns)
    check_frame(FRAMES / str(columns) / "transcript.txt", "".join(f"{line}\n" for line in lines))


async def test_a_transcript_folds_nothing() -> None:
    assert "more lines" not in "\n".join(await text_of(thread(), list(EXAMPLES.values())))


async def test_a_transcript_names_the_thread_s_user() -> None:
    assert any(
        line.startswith("▌ user  ines@example.com") for line in await text_of(thread(), [USER])
    )


async def test_a_transcript_derives_its_title_from_the_first_item() -> None:
    assert (await text_of(thread(title=None), [USER]))[0].startswith("“It says so every morning.")


async def test_a_transcript_says_how_much_it_showed() -> None:
    assert (await text_of(thread(), []))[-1] == "0 items, all that the thread has"
    assert (await text_of(thread(), [USER]))[-1] == "1 item, all that the thread has"


async def test_a_transcript_that_breaks_off_passes_the_error_on() -> None:
    async def broken() -> AsyncIterator[Item]:
        yield USER
        raise ConnectionError

    lines: list[str] = []

    async def read() -> None:
        async for line in transcript_lines(thread(), broken(), 80, CONTEXT):
            lines.append(line)  # noqa: PERF401 - what came before the error is wanted

    with pytest.raises(ConnectionError):
        await read()
    assert "Where is my parcel?" in lines
    assert "all that the thread has" not in lines[-1]
