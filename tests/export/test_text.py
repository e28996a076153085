"""Exported text has who, when and everything that was said, and steers no terminal."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from chatkit_tui.export.heading import ConversationHead
from chatkit_tui.export.json import list_json
from chatkit_tui.export.text import conversation_text, item_text
from chatkit_tui.models.timestamps import Timestamp
from tests.hostile.payloads import PAYLOADS
from tests.models.test_pages import listed
from tests.render.examples import CONTEXT, MADE, item
from tests.text.hazards import hazards_in
from tests.text.test_sanitize import texts


@given(texts)
def test_no_hidden_character_is_in_sanitized_text(text: str) -> None:
    call = item("client_tool_call", name=text, arguments=text, output=text, status="completed")
    assert hazards_in(item_text(call, CONTEXT).replace("\n", "")) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_survives_in_a_head(payload: str) -> None:
    head = ConversationHead(payload, payload, payload, payload, payload, host=payload)
    text = "".join(conversation_text(head, [], CONTEXT))
    assert hazards_in(text.replace("\n", "")) == []
    assert text.count("\n") == len(list(head.facts(CONTEXT))) + 1


def test_hidden_characters_stay_for_the_clipboard() -> None:
    message = item("user_message", content=[{"type": "input_text", "text": "a\u202eb\x1b[31m"}])
    assert item_text(message, CONTEXT, sanitized=False) == (
        "user  ines@example.com  ! 2 hidden characters  2025-10-16 08:17:20 UTC\na\u202eb[31m\n"
    )


def test_a_tool_call_has_its_name_and_status() -> None:
    call = item("client_tool_call", name="look_up", status="in_progress", arguments='{"a": 1}')
    assert item_text(call, CONTEXT).startswith("◐ look_up  in progress  2025-10-16 08:17:20 UTC\n")


def test_a_conversation_begins_with_what_is_known_of_it() -> None:
    head = ConversationHead(
        "cthr_1", "2 of 9, not whole", "A title", "ada", "locked",
        Timestamp(MADE, approximate=False), MADE + 60, "api.example",
    )  # fmt: skip
    said = [item("user_message", content=[{"type": "input_text", "text": text}]) for text in "ab"]
    assert "".join(conversation_text(head, said, CONTEXT)) == (
        "A title\n"
        "thread   cthr_1\n"
        "user     ada\n"
        "status   locked\n"
        "created  2025-10-16 08:17:20 UTC\n"
        "fetched  2025-10-16 08:18:20 UTC from api.example\n"
        "items    2 of 9, not whole\n"
        "\nuser  ines@example.com  2025-10-16 08:17:20 UTC\na\n"
        "\nuser  ines@example.com  2025-10-16 08:17:20 UTC\nb\n"
    )


def test_a_list_of_rows_is_json_and_says_whether_there_is_more() -> None:
    raws = [{"id": "a", "n": 1.10}, {"id": "b"}]
    rows = listed(*raws).rows
    for has_more in (True, False):
        value = json.loads(b"".join(list_json(rows, has_more=has_more)))
        assert value == {"object": "list", "data": raws, "has_more": has_more}
    assert json.loads(b"".join(list_json([], has_more=False)))["data"] == []
