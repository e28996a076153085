"""Nothing foreign in an exported page does anything: each text stays text."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatkit_tui.export.exported_thread import ExportFacts
from chatkit_tui.export.html.page import POLICY
from chatkit_tui.models.items import Item
from chatkit_tui.models.json import JSON
from tests.export.html.pages import FETCHED, PageReader, page_of
from tests.hostile.payloads import PAYLOADS
from tests.render.examples import item, widget
from tests.text.test_sanitize import texts

HOSTILE = st.lists(
    st.one_of(
        texts,
        st.sampled_from(
            [
                "<script>alert(1)</script>", "</script>", "</style>", "</title>", "-->", "<!--",
                "]]>", '"', "'", "`", "&", "&lt;script&gt;", "&#60;", ">", "<", "</article>",
                '" onload="x', "' onclick='x", "<img src=//x.example onerror=x>", "<svg onload=x>",
                "javascript:alert(1)", "[a](javascript:x)", "[a](https://x.example/\"onload=x)",
                "![a](http://x.example/y.png)", "<https://y.example/'\"><b>", "https://a.example/<b>",
                "data:text/html,<b>", "vbscript:x", "mailto:a@b.example?subject=\"x", "</pre>",
                "<a href=x>", "<base href=//x.example>", "<meta http-equiv=refresh content=0>",
                "```html\n<b>\n```", "| a | b |\n|---|---|\n| <i> | \" |", "# ", "- [x] ", "1. ",
                "> ", "\n", "\n\n", "\x00", "\x1b[31m", "\u202e", "<details open ontoggle=x>",
                "expression(x)", "url(//x.example)", "red;background:url(//x.example)",
            ]
        ),
    ),
    max_size=10,
).map("".join)  # fmt: skip


def every_kind(text: str) -> list[Item]:
    """Return an item of each kind with a text in each of its fields."""
    part = [{"type": "input_text", "text": text}, {"type": text, "text": text}, {"type": text}]
    source = {"type": text, "filename": text, "url": text, "title": text}
    cited = {"type": "url", "source": source, "index": text}
    told = {"type": "output_text", "text": text, "annotations": [cited, {"type": text, text: text}]}
    sent = {"type": text, "id": text, "name": text, "mime_type": text, "preview_url": text}
    chosen = {"model": text, "tool_choice": {"id": text}}
    call = {"name": text, "call_id": text, "status": text, "arguments": text, "output": text}
    task = {"type": text, "task_type": text, "heading": text, "summary": text}
    return [
        item("user_message", id=text, content=part, attachments=[sent], inference_options=chosen),
        item("user_message", id=text, content=[{"type": "quoted_text", "text": text}]),
        item("assistant_message", content=[told], created_at=text),
        item("client_tool_call", **call),
        item("client_tool_call", **{**call, "arguments": {text: text}, "output": [{text: [text]}]}),
        item("task", **task),
        item("task_group", tasks=[task, {"type": text, text: text}]),
        item(text, **{text: {text: [text]}}),
        item("widget", widget=text),
        widget(components(text)),
    ]


def components(text: str) -> JSON:
    """Return a widget with a text in each property of each family of components."""
    said = {"type": "Text", "value": text, "color": text, "weight": text, "textAlign": text}
    box = {"border": {"size": 1, "color": text}, "background": text, "width": text, "flex": text}
    option = {"value": text, "label": text, "description": text}
    field = {"name": text, "placeholder": text, "defaultValue": text, "onChangeAction": text}
    series = {"type": text, "dataKey": text, "label": text, "color": text}
    data = [{text: 3, "x": text}, {text: text, "x": 2}]
    cells = [{"type": "Table.Cell", "children": [said], "align": text, "colSpan": text}]
    return {
        "type": "Card",
        "background": text,
        "size": text,
        "status": {"text": text, "icon": text},
        "confirm": {"label": text, "action": {"type": text, "payload": {text: text}}},
        "children": [
            said,
            {"type": "Title", "value": text},
            {"type": "Markdown", "value": text},
            {"type": "Badge", "label": text, "color": text, "variant": "solid"},
            {"type": "Row", "gap": text, "align": text, "justify": text, "children": [said, said]},
            {"type": "Box", **box, "children": [said]},
            {"type": "Row", "children": [{"type": "Box", "width": "40%", "background": text}] * 2},
            {"type": "Icon", "name": text, "color": text},
            {"type": "Image", "src": text, "alt": text, "width": text},
            {"type": "Button", "label": text, "onClickAction": {"type": text, "handler": text}},
            {"type": "Input", **field},
            {"type": "Select", **field, "options": [option]},
            {"type": "RadioGroup", **field, "options": [option, option]},
            {"type": "DatePicker", **field, "min": text, "max": text},
            {"type": "Table", "children": [{"type": "Table.Row", "children": cells}]},
            {"type": "ListView", "children": [{"type": "ListViewItem", "children": [said]}]},
            {"type": "Chart", "data": data, "series": [series], "xAxis": {"dataKey": "x"}},
            {"type": text, "value": text, "children": [said]},
        ],
    }  # fmt: skip


@pytest.mark.slow
@settings(max_examples=12)
@given(HOSTILE)
@example("</title></style><script>alert(1)</script>")
@example('"><script>x</script>')
def test_hostile_text_in_every_field_is_text(text: str) -> None:
    thread = {"title": text, "user": text, "status": {"type": text, "reason": text}, "id": text}
    facts = ExportFacts(FETCHED, text, is_complete=False, incomplete_reason=text)
    PageReader(page_of(*every_kind(text), thread=thread, facts=facts))


@pytest.mark.slow
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_survives(payload: str) -> None:
    reader = PageReader(page_of(*every_kind(payload)))
    assert len(reader.named("article")) == len(every_kind(payload))


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://x.example"]
)
def test_only_web_and_mail_addresses_are_links(address: str) -> None:
    told = [{"type": "output_text", "text": f"[word]({address}) <{address}> {address}"}]
    reader = PageReader(page_of(item("assistant_message", content=told)))
    assert all(link["href"].startswith("#") for link in reader.named("a"))


def test_links_tell_nothing_to_the_page_they_lead_to() -> None:
    told = [{"type": "output_text", "text": "See https://x.example and <mailto:a@x.example>."}]
    links = PageReader(page_of(item("assistant_message", content=told))).named("a")
    outside = {link["href"]: link["rel"] for link in links if "rel" in link}
    rel = "noopener noreferrer"
    assert outside == {"https://x.example": rel, "mailto:a@x.example": rel}


def test_an_image_is_an_address() -> None:
    tree = {"type": "Image", "src": "https://x.example/cat.png", "alt": "A cat"}
    told = [{"type": "output_text", "text": "![map](https://x.example/map.png)"}]
    reader = PageReader(page_of(widget(tree), item("assistant_message", content=told)))
    addresses = {link["href"] for link in reader.named("a")}
    assert {"https://x.example/cat.png", "https://x.example/map.png"} <= addresses
    assert reader.named("img") == []


def test_a_policy_forbids_what_is_not_there() -> None:
    page = page_of()
    assert POLICY.startswith("default-src 'none'; style-src 'unsafe-inline'")
    policies = [meta for meta in PageReader(page).named("meta") if "http-equiv" in meta]
    assert policies == [{"http-equiv": "Content-Security-Policy", "content": POLICY}]
    assert page.index("Content-Security-Policy") < page.index("<title>")
