"""Each format holds the whole thread, says where it is from, and shows where it ends."""

from __future__ import annotations

import json

import pytest

from chatkit_tui import __version__
from chatkit_tui.export.exported_thread import ExportFacts
from chatkit_tui.export.formats import ExportFormat
from chatkit_tui.text.json_text import compact
from tests.export.threads import FACTS, MADE, exported, message, thread_row
from tests.hostile.payloads import PAYLOADS
from tests.render.examples import CONTEXT
from tests.text.hazards import hazards_in

PARTIAL = ExportFacts(MADE + 60, "OpenAI, api.example", False, "the server failed (500)", True)  # noqa: FBT003
ODD = (
    b'{ "id": "a",\n  "n": 1.10 }',
    b'{"id": "b", "x": "\xff"}',
    b'{"id": "c", "text": "one\\ntwo", "n": 1e3}',
    b'{"type": "chatkit.user_message"}',
)
"""Items with line breaks, bytes that are not UTF-8, numbers in odd forms, and without an id."""


def written(kind: ExportFormat, *items: bytes, facts: ExportFacts = FACTS) -> bytes:
    with exported(*items, facts=facts) as thread:
        return b"".join(kind.pieces(thread, CONTEXT))


def test_lines_have_the_bytes_of_the_source() -> None:
    lines = written(ExportFormat.JSON_LINES, *ODD).splitlines()
    first = {
        "tool": "chatkit-tui", "version": __version__, "fetched_at": MADE + 60,
        "source": "OpenAI, api.example", "complete": True, "incomplete_reason": None,
        "redacted": False,
    }  # fmt: skip
    assert json.loads(lines[0]) == {"export": first}
    assert json.loads(lines[1])["thread"]["title"] == "A title"
    before = b'{"thread_id": "cthr_1", "item": '
    assert lines[2:-1] == [
        before + (compact(item) if b"\n" in item else item) + b"}" for item in ODD
    ]
    assert json.loads(lines[-1]) == {"end": {"items": len(ODD)}}


def test_a_document_has_the_bytes_of_the_source() -> None:
    raw = written(ExportFormat.JSON, *ODD, facts=PARTIAL)
    assert b'"items": [\n' + b",\n".join(ODD) + b"\n]}\n" in raw
    value = json.loads(raw.decode("latin-1"))
    assert [*value] == ["export", "thread", "items"]
    assert value["export"]["complete"] is False
    assert value["export"]["incomplete_reason"] == "the server failed (500)"
    assert value["export"]["redacted"] is True
    assert json.loads(written(ExportFormat.JSON))["items"] == []


def test_text_says_from_where_it_is_and_where_it_ends() -> None:
    assert written(ExportFormat.TEXT, message("Where is it?")).decode() == (
        "A title\n"
        "thread   cthr_1\n"
        "user     ada\n"
        "status   active\n"
        "created  2025-10-16 08:17:20 UTC\n"
        "fetched  2025-10-16 08:18:20 UTC from OpenAI, api.example\n"
        "items    all 1 item\n"
        "redacted no\n"
        "\nuser  ada  2025-10-16 08:17:20 UTC\nWhere is it?\n"
        "\n--- end of cthr_1: all 1 item ---\n"
    )


def test_markdown_says_from_where_it_is_and_where_it_ends() -> None:
    text = written(ExportFormat.MARKDOWN, message("Where *is* it?"), facts=PARTIAL).decode()
    assert text == (
        "# A title\n\n"
        "- thread: cthr\\_1\n"
        "- user: ada\n"
        "- status: active\n"
        "- created: 2025-10-16 08:17:20 UTC\n"
        "- fetched: 2025-10-16 08:18:20 UTC from OpenAI, api.example\n"
        "- items: 1 item, incomplete: the server failed (500)\n"
        "- redacted: yes\n"
        "\n### user ada · 2025-10-16 08:17:20 UTC\n\nWhere \\*is\\* it?\n"
        "\n***\n\nend of cthr\\_1: 1 item, incomplete: the server failed (500)\n"
    )


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("kind", [ExportFormat.TEXT, ExportFormat.MARKDOWN])
def test_no_payload_survives_in_any_field(payload: str, kind: ExportFormat) -> None:
    facts = ExportFacts(MADE, payload, False, payload)  # noqa: FBT003
    row = thread_row(payload, title=payload, user=payload, status=payload)
    with exported(message(payload), thread=row, facts=facts) as thread:
        text = b"".join(kind.pieces(thread, CONTEXT)).decode()
    assert hazards_in(text.replace("\n", "")) == []
