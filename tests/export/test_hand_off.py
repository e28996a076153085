"""The summary for a ticket, and the command that opens the same place."""

from __future__ import annotations

import shlex

import pytest

from chatkit_tui.export.hand_off import HandOff, log_address, reopening_command
from chatkit_tui.export.heading import ConversationHead
from chatkit_tui.models.page import RawRow
from chatkit_tui.render import RenderContext
from chatkit_tui.sources.http.response import parse_list_answer


def rows(*texts: str) -> list[RawRow]:
    """Return user messages with these texts."""
    items = ",".join(
        f'{{"id": "cti_{number}", "object": "chatkit.thread_item", "type": "chatkit.user_message",'
        f' "created_at": {1_700_000_000 + number}, "content": '
        f'[{{"type": "input_text", "text": "{text}"}}]}}'
        for number, text in enumerate(texts)
    )
    return list(parse_list_answer(f'{{"data": [{items}], "has_more": false}}'.encode()).rows)


def test_a_hand_off_has_ids_the_item_its_neighbors_and_how_to_reopen() -> None:
    before, item, after = rows("first", "second", "third")
    head = ConversationHead("cthr_1", "all 3 items", "A title", "ada", "active")
    command = reopening_command(["--profile", "live"], "cthr_1", "cti_1")
    log = log_address("api.openai.com", "cthr_1")
    text = HandOff(head, [item], before, after, log, command).text(RenderContext(now=0, user="ada"))
    assert text.startswith("A title\nthread   cthr_1\nuser     ada\n")
    assert "\nitem     cti_1\nlog      https://platform.openai.com/logs/cthr_1\n" in text
    assert "\nreopen   chatkit-tui --profile live cthr_1 --item cti_1\n" in text
    parts = [text.index(f"--- {name} ---") for name in ("before", "item", "after")]
    words = [text.index(word) for word in ("first", "second", "third")]
    assert [*parts, *words] == sorted([*parts, *words], key=[*parts, *words].index)
    assert parts[0] < words[0] < parts[1] < words[1] < parts[2] < words[2]
    assert "2023-11-14 22:13:21 UTC" in text


def test_several_items_stand_in_order_without_what_is_not_loaded() -> None:
    text = HandOff(ConversationHead("cthr_1", "2 items"), rows("one", "two")).text(
        RenderContext(now=0)
    )
    assert "item     cti_0, cti_1\n" in text
    assert "--- items ---" in text
    assert "--- before ---" not in text
    assert "reopen" not in text


@pytest.mark.parametrize(
    ("thread_id", "words"),
    [
        ("cthr_1", ["chatkit-tui", "--demo", "cthr_1", "--item", "cti_1"]),
        ("a b;$(c)'", ["chatkit-tui", "browse", "--demo", "--item", "cti_1", "--", "a b;$(c)'"]),
        ("-x", ["chatkit-tui", "browse", "--demo", "--item", "cti_1", "--", "-x"]),
        ("a\x1b]52", None),
        ("https://example.com/cthr_2", None),
    ],
)
def test_a_command_is_quoted_for_the_shell(thread_id: str, words: list[str] | None) -> None:
    command = reopening_command(["--demo"], thread_id, "cti_1")
    assert (shlex.split(command) if command else None) == words


def test_only_the_vendors_own_api_has_logs() -> None:
    assert log_address("localhost:8000", "cthr_1") is None
    assert log_address("api.openai.com", "../x") is None
