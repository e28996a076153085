"""What the sample data contains."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from functools import cache
from typing import Any

import pytest

from chatkit_tui.emulator import DEMO_NOW
from chatkit_tui.emulator.library import Library
from chatkit_tui.emulator.sample_data import EMPTY_TITLE, LONG_TITLE
from chatkit_tui.models.items import UnknownItem, parse_item
from chatkit_tui.models.json import dump_json
from chatkit_tui.models.threads import parse_thread

Row = dict[str, Any]


@cache
def threads() -> tuple[Row, ...]:
    library = Library(60)
    return tuple(library.row(index) for index in range(len(library)))


@cache
def conversations() -> dict[str, tuple[Row, ...]]:
    """Return every item of every thread, by the id of the thread."""
    library = Library(60)
    made = {}
    for index in range(len(library)):
        conversation = library.conversation(index)
        made[conversation.thread_id] = tuple(
            conversation.row(number) for number in range(len(conversation))
        )
    return made


@cache
def items() -> tuple[Row, ...]:
    return tuple(item for rows in conversations().values() for item in rows)


def titled(title: str) -> tuple[Row, ...]:
    (thread,) = [thread for thread in threads() if thread["title"] == title]
    return conversations()[thread["id"]]


def of_kind(kind: str) -> list[Row]:
    return [item for item in items() if item["type"] == f"chatkit.{kind}"]


def assistant_texts() -> list[str]:
    return [part["text"] for item in of_kind("assistant_message") for part in item["content"]]


def test_there_are_sixty_threads_of_eight_users() -> None:
    assert len(threads()) == 60
    users = Counter(thread["user"] for thread in threads())
    assert len(users) == 8
    assert min(users.values()) >= 5


def test_ids_are_unique_and_contain_their_time() -> None:
    rows = (*threads(), *items())
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        match = re.fullmatch(r"(cthr|cti)_([0-9a-f]{8})[0-9a-f]{40}", row["id"])
        assert match is not None
        assert int(match[2], 16) == row["created_at"]


def test_nothing_happens_after_the_present() -> None:
    assert max(row["created_at"] for row in (*threads(), *items())) <= DEMO_NOW


def test_items_follow_each_other_and_begin_with_their_thread() -> None:
    for thread in threads():
        times = [item["created_at"] for item in conversations()[thread["id"]]]
        assert times == sorted(times)
        assert not times or times[0] >= thread["created_at"]


def test_some_items_share_a_second() -> None:
    (everything,) = {
        len({item["created_at"] for item in rows}) for rows in [titled("Everything at once")]
    }
    assert everything == 1
    assert len(titled("Everything at once")) > 5


def test_every_status_exists_with_and_without_a_reason() -> None:
    found = {
        (thread["status"]["type"], bool(thread["status"].get("reason"))) for thread in threads()
    }
    assert found == {
        ("active", False),
        ("locked", True),
        ("locked", False),
        ("closed", True),
        ("closed", False),
    }


def test_some_threads_have_no_title() -> None:
    assert sum(thread["title"] is None for thread in threads()) >= 4


def test_one_thread_is_empty() -> None:
    assert [len(rows) for rows in conversations().values()].count(0) == 1
    assert titled(EMPTY_TITLE) == ()


def test_one_thread_has_two_thousand_items_of_all_kinds_that_seldom_repeat() -> None:
    rows = titled(LONG_TITLE)
    assert len(rows) == 2000
    assert len({row["type"] for row in rows}) == 6
    own = ("id", "created_at", "call_id")
    said = Counter(
        dump_json({name: value for name, value in row.items() if name not in own}) for row in rows
    )
    assert len(said) > 1200


@pytest.mark.parametrize(
    "kind",
    ["user_message", "assistant_message", "widget", "client_tool_call", "task", "task_group"],
)
def test_the_stories_themselves_have_every_type_of_item(kind: str) -> None:
    long = {item["id"] for item in titled(LONG_TITLE)}
    assert sum(item["id"] not in long for item in of_kind(kind)) >= 5


def test_every_row_fits_the_models_but_for_one_unknown_item() -> None:
    for thread in threads():
        assert parse_thread(dump_json(thread).encode()).problems == ()
    strange = []
    for item in items():
        read = parse_item(dump_json(item).encode())
        assert read.problems == ()
        if isinstance(read, UnknownItem):
            strange.append(read.kind)
    assert strange == ["approval_request"]


SCRIPTS = {
    "HIRAGANA": 3,
    "KATAKANA": 2,
    "CJK UNIFIED": 3,
    "HANGUL": 1,
    "ARABIC": 2,
    "HEBREW": 2,
    "DEVANAGARI": 2,
}


def test_texts_are_in_many_scripts() -> None:
    found: Counter[str] = Counter()
    for rows in conversations().values():
        names = [unicodedata.name(letter, "") for letter in set(dump_json(rows))]
        found.update(script for script in SCRIPTS if any(name.startswith(script) for name in names))
    assert {script: found[script] for script in SCRIPTS if found[script] < SCRIPTS[script]} == {}


@pytest.mark.parametrize(
    "words", ["Ihnen", "s'il vous plaît", "¿Puedo", "您的", "감사합니다", "धन्यवाद"]
)
def test_texts_are_in_many_languages(words: str) -> None:
    assert any(words in dump_json(item) for item in items())


@pytest.mark.parametrize("sequence", ["👩‍👧‍👦", "🇩🇪", "🙏🏽", "🙇‍♀️"])
def test_emoji_are_in_sequences(sequence: str) -> None:
    assert any(sequence in dump_json(item) for item in items())


def test_attachments_are_images_and_files_with_their_own_ids() -> None:
    files = [file for item in of_kind("user_message") for file in item["attachments"]]
    assert {file["type"] for file in files} == {"image", "file"}
    assert len({file["id"] for file in files}) == len(files)
    assert all(re.fullmatch(r"cfile_[0-9a-f]{48}", file["id"]) for file in files)
    assert {bool(file["preview_url"]) for file in files} == {True, False}


def test_a_message_can_be_an_attachment_alone() -> None:
    assert any(item["attachments"] and not item["content"] for item in of_kind("user_message"))


def test_messages_quote_and_choose_models_and_tools() -> None:
    messages = of_kind("user_message")
    assert any(part["type"] == "quoted_text" for item in messages for part in item["content"])
    options = [item["inference_options"] for item in messages if item["inference_options"]]
    assert any(option["model"] and option["tool_choice"] for option in options)
    assert any(option["model"] and not option["tool_choice"] for option in options)


def test_sources_are_files_and_addresses_some_of_them_twice() -> None:
    lists = [
        part["annotations"] for item in of_kind("assistant_message") for part in item["content"]
    ]
    assert {source["type"] for sources in lists for source in sources} == {"file", "url"}
    doubled = {
        source["type"] for sources in lists for source in sources if sources.count(source) > 1
    }
    assert doubled == {"file", "url"}


def test_tool_calls_are_done_and_in_progress() -> None:
    calls = of_kind("client_tool_call")
    assert {(call["status"], call["output"] is None) for call in calls} == {
        ("completed", False),
        ("in_progress", True),
    }
    assert len({call["call_id"] for call in calls}) == len(calls)


@pytest.mark.parametrize("field", ["arguments", "output"])
def test_the_json_of_some_tool_calls_is_broken(field: str) -> None:
    def broken(text: str) -> bool:
        try:
            json.loads(text)
        except ValueError:
            return True
        return False

    texts = [call[field] for call in of_kind("client_tool_call") if call[field] is not None]
    assert any(broken(text) for text in texts)
    assert not all(broken(text) for text in texts)


def test_tasks_are_thoughts_and_custom_with_and_without_their_texts() -> None:
    tasks = of_kind("task")
    assert {task["task_type"] for task in tasks} == {"thought", "custom"}
    assert any(task["heading"] is None for task in tasks)
    assert any(task["summary"] is None for task in tasks)
    grouped = [task for item in of_kind("task_group") for task in item["tasks"]]
    assert {task["type"] for task in grouped} == {"thought", "custom"}


@pytest.mark.parametrize(
    "pattern",
    {
        "headings": r"^#{1,4} \S",
        "nested list": r"^\s*(\d+\.|-) .*\n {2,}- ",
        "deeply nested list": r"^ {5,}- ",
        "table": r"^\|[-:| ]+\|$",
        "aligned table": r"^\|.*-:",
        "quote": r"^> ",
        "link": r"(?<!!)\[[^\]]+\]\(https?://",
        "image": r"!\[[^\]]+\]\(https?://",
        "rule": r"^---$",
        "indented code": r"\n\n    \S",
        "task list": r"^- \[ \] ",
        "Python": r"^```python$",
        "JavaScript": r"^```javascript$",
        "SQL": r"^```sql$",
        "Go": r"^```go$",
        "YAML": r"^```yaml$",
        "HTML": r"^```html$",
        "shell": r"^```sh$",
        "inline code": r"`[^`\n]+`",
    }.values(),
)
def test_assistants_use_all_of_markdown(pattern: str) -> None:
    assert any(re.search(pattern, text, re.MULTILINE) for text in assistant_texts())


def components(tree: object) -> list[Row]:
    """Yield every component of a widget, outer ones first."""
    if isinstance(tree, list):
        return [found for child in tree for found in components(child)]
    if not isinstance(tree, dict):
        return []
    inner = [found for value in tree.values() for found in components(value)]
    return [tree, *inner] if "type" in tree and "payload" not in tree else inner


@cache
def widgets() -> tuple[Row, ...]:
    return tuple(json.loads(item["widget"]) for item in of_kind("widget"))


def test_every_widget_is_json_with_a_root() -> None:
    assert {widget["type"] for widget in widgets()} == {"Card", "ListView", "Basic"}


@pytest.mark.parametrize(
    "component",
    [
        "Badge",
        "Basic",
        "Box",
        "Button",
        "Caption",
        "Card",
        "Chart",
        "Checkbox",
        "Col",
        "DatePicker",
        "Divider",
        "Form",
        "Icon",
        "Image",
        "Input",
        "Label",
        "ListView",
        "ListViewItem",
        "Markdown",
        "RadioGroup",
        "Row",
        "Select",
        "Spacer",
        "Table",
        "Table.Cell",
        "Table.Row",
        "Text",
        "Textarea",
        "Title",
        "Transition",
    ],
)
def test_every_component_of_a_widget_is_shown_somewhere(component: str) -> None:
    shown = {found["type"] for widget in widgets() for found in components(widget)}
    assert component in shown


def test_a_quiz_has_its_answers_only_in_payloads() -> None:
    (quiz,) = [item for item in of_kind("widget") if "quiz.answer" in item["widget"]]
    buttons = [one for one in components(json.loads(quiz["widget"])) if one["type"] == "Button"]
    assert {one["onClickAction"]["payload"]["correct"] for one in buttons} == {True, False}
    assert not any("correct" in one["label"].lower() for one in buttons)


def test_every_placeholder_of_the_script_is_filled() -> None:
    assert not [item for item in titled(LONG_TITLE) if re.search(r"\$[a-z]", dump_json(item))]
