"""Differences between the API's documents and servers, one test for each."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chatkit_tui.models.items import (
    AssistantMessage,
    ClientToolCall,
    EndOfTurn,
    GeneratedImageItem,
    HiddenContext,
    ItemBase,
    StructuredInputItem,
    Task,
    TaskGroup,
    UnknownItem,
    UserMessage,
    WidgetItem,
    parse_item,
)
from chatkit_tui.models.parts import (
    Annotation,
    Attachment,
    InputText,
    OutputText,
    QuotedText,
    UnknownPart,
)
from chatkit_tui.models.sessions import Session
from chatkit_tui.models.tasks import GroupedTask
from chatkit_tui.models.threads import Thread, ThreadStatus, parse_thread
from chatkit_tui.models.timestamps import Timestamp

BORN = 0x6720_0000
"""Unix seconds, as the first 8 digits of an id have them."""

DATED = f"{BORN:08x}" + "5" * 40


def raw(**fields: Any) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def item(kind: str, **fields: Any) -> Any:
    whole = {"id": "cti_1", "created_at": BORN, "thread_id": "cthr_1", "type": kind, **fields}
    return parse_item(raw(**whole))


def thread(**fields: Any) -> Thread:
    return parse_thread(raw(id="cthr_1", **fields))


# -- types -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "chatkit."])
@pytest.mark.parametrize(
    ("kind", "model"),
    [
        ("user_message", UserMessage),
        ("assistant_message", AssistantMessage),
        ("widget", WidgetItem),
        ("client_tool_call", ClientToolCall),
        ("task", Task),
        ("task_group", TaskGroup),
        ("workflow", TaskGroup),
        ("generated_image", GeneratedImageItem),
        ("structured_input", StructuredInputItem),
        ("end_of_turn", EndOfTurn),
        ("hidden_context_item", HiddenContext),
        ("sdk_hidden_context", HiddenContext),
    ],
)
def test_a_type_is_known_with_and_without_its_prefix(
    prefix: str, kind: str, model: type[ItemBase]
) -> None:
    read = item(prefix + kind)
    assert type(read) is model
    assert (read.kind, read.type) == (kind, f"chatkit.{kind}")


def test_an_unknown_item_type_keeps_its_json() -> None:
    read = item("chatkit.hologram", content=[{"type": "input_text", "text": "hi"}], depth=3)
    assert isinstance(read, UnknownItem)
    assert read.kind == "hologram"
    assert read.value["depth"] == 3
    assert read.value["content"] == [{"type": "input_text", "text": "hi"}]


def test_an_item_without_a_type_is_unknown() -> None:
    read = parse_item(b'{"id": "cti_1", "content": "hello"}')
    assert isinstance(read, UnknownItem)
    assert (read.id, read.kind, read.value["content"]) == ("cti_1", "", "hello")


@pytest.mark.parametrize("text", [b"17", b'"words"', b"null", b"[1, 2]", b"true"])
def test_a_row_that_is_not_an_object_is_an_unknown_item_with_its_value(text: bytes) -> None:
    read = parse_item(text, thread_id="cthr_1")
    assert isinstance(read, UnknownItem)
    assert (read.value, read.thread_id) == (json.loads(text), "cthr_1")
    assert not read.problems


def test_an_unknown_content_part_shows_its_text_and_keeps_its_json() -> None:
    part = {"type": "input_audio", "text": "said aloud", "seconds": 3}
    [read] = item("chatkit.user_message", content=[part]).content
    assert isinstance(read, UnknownPart)
    assert (read.type, read.text, read.value) == ("input_audio", "said aloud", part)


def test_a_part_that_is_not_an_object_is_an_unknown_part() -> None:
    [read] = item("chatkit.user_message", content=[42]).content
    assert isinstance(read, UnknownPart)
    assert (read.text, read.value) == (None, 42)


def test_a_known_part_without_its_text_is_an_unknown_part() -> None:
    [read] = item("chatkit.assistant_message", content=[{"type": "output_text"}]).content
    assert isinstance(read, UnknownPart)
    assert read.type == "output_text"


def test_an_unknown_annotation_is_kept_beside_the_known_ones() -> None:
    annotations = [
        {"type": "url", "source": {"type": "url", "url": "https://example.test/"}},
        {"type": "page", "source": {"number": 3}},
        {"type": "file", "source": {"type": "file", "filename": "terms.pdf"}},
    ]
    content = [{"type": "output_text", "text": "So.", "annotations": annotations}]
    [part] = item("chatkit.assistant_message", content=content).content
    first, second, third = part.annotations
    assert isinstance(first, Annotation)
    assert first.source.url == "https://example.test/"
    assert isinstance(second, UnknownPart)
    assert second.value == annotations[1]
    assert isinstance(third, Annotation)
    assert third.source.filename == "terms.pdf"


def test_an_unknown_task_type_is_kept_word_for_word() -> None:
    assert item("chatkit.task", task_type="plan", heading="Next").task_type == "plan"
    [task] = item("chatkit.task_group", tasks=[{"type": "plan", "heading": "Next"}]).tasks
    assert isinstance(task, GroupedTask)
    assert (task.type, task.heading) == ("plan", "Next")


def test_an_unknown_attachment_type_is_kept_word_for_word() -> None:
    attachment = {"type": "video", "id": "cfile_1", "name": "a.mp4", "mime_type": "video/mp4"}
    [read] = item("chatkit.user_message", attachments=[attachment]).attachments
    assert isinstance(read, Attachment)
    assert (read.type, read.name) == ("video", "a.mp4")


def test_an_unknown_status_is_kept_word_for_word() -> None:
    assert item("chatkit.client_tool_call", status="paused").status == "paused"
    assert thread(status={"type": "archived", "reason": "old"}).status == ThreadStatus(
        type="archived", reason="old"
    )
    assert Session.from_json(raw(status="suspended")).status == "suspended"


# -- fields that do not fit ------------------------------------------------------------------------


def test_an_invalid_field_is_marked_and_the_rest_is_shown() -> None:
    read = item("chatkit.client_tool_call", name="find", call_id=["a"], output={"ok": True})
    assert (read.name, read.call_id, read.output) == ("find", "", '{"ok":true}')
    [problem] = read.problems
    assert (problem.path, problem.value) == ("call_id", ["a"])


def test_an_invalid_nested_field_affects_only_itself() -> None:
    read = item(
        "chatkit.user_message", inference_options={"model": "gpt-9", "tool_choice": "search"}
    )
    assert read.inference_options.model == "gpt-9"
    assert read.inference_options.tool_choice is None
    assert [problem.path for problem in read.problems] == ["inference_options.tool_choice"]


def test_a_problem_inside_a_list_names_the_element() -> None:
    read = item(
        "chatkit.task_group", tasks=[{"type": "thought"}, {"type": "thought", "heading": []}]
    )
    assert [problem.path for problem in read.problems] == ["tasks.1.heading"]


@pytest.mark.parametrize("reader", [parse_item, parse_thread])
def test_text_that_is_not_json_is_a_value_with_a_problem(reader: Any) -> None:
    read = reader(b'{"id": "cti_1", "typ')
    assert read.problems
    assert read.raw == b'{"id": "cti_1", "typ'


def test_a_field_nested_too_deeply_is_marked_and_the_rest_is_shown() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    text = b'{"id":"cti_1","type":"chatkit.task","heading":"Look","extra":' + deep + b"}"
    read = parse_item(text)
    assert isinstance(read, Task)
    assert (read.id, read.heading) == ("cti_1", "Look")
    assert [problem.path for problem in read.problems] == ["extra"]


def test_arguments_nested_too_deeply_to_be_written_are_a_problem() -> None:
    value: Any = {"a": 1}
    for _ in range(900):
        value = [value]
    read = parse_item(raw(type="chatkit.client_tool_call", name="find", arguments=value))
    assert isinstance(read, ClientToolCall)
    assert read.name == "find"


def test_a_number_with_too_many_digits_affects_only_its_field() -> None:
    read = parse_item(
        b'{"type":"chatkit.task","heading":"Look","created_at":' + b"9" * 5_000 + b"}"
    )
    assert isinstance(read, Task)
    assert (read.heading, read.created_at) == ("Look", None)


# -- fields that are missing -----------------------------------------------------------------------


def test_a_time_that_is_missing_is_read_from_the_id_and_marked() -> None:
    read = parse_item(raw(id=f"cti_{DATED}", type="chatkit.task"))
    assert read.time == Timestamp(BORN, approximate=True)


@pytest.mark.parametrize("prefix", ["cthr", "cti", "cthi", "cfile", "cksess"])
def test_an_id_with_any_known_prefix_contains_its_time(prefix: str) -> None:
    assert Thread(id=f"{prefix}_{DATED}").time == Timestamp(BORN, approximate=True)


@pytest.mark.parametrize(
    "identifier", ["", "cti_1", f"msg_{DATED}", f"cti_{DATED}0", "cti_" + "x" * 48]
)
def test_an_id_of_another_form_contains_no_time(identifier: str) -> None:
    assert Thread(id=identifier).time is None


def test_a_time_that_is_given_is_exact() -> None:
    assert thread(created_at=BORN + 5).time == Timestamp(BORN + 5)


def test_a_thread_id_that_is_missing_is_that_of_the_call() -> None:
    assert parse_item(b'{"type": "task"}', thread_id="cthr_9").thread_id == "cthr_9"
    assert (
        parse_item(b'{"type": "task", "thread_id": null}', thread_id="cthr_9").thread_id == "cthr_9"
    )
    assert (
        parse_item(b'{"type": "task", "thread_id": "cthr_1"}', thread_id="cthr_9").thread_id
        == "cthr_1"
    )


def test_lists_and_options_that_are_missing_are_empty() -> None:
    user = item("user_message")
    assert (user.content, user.attachments, user.inference_options) == ((), (), None)
    [part] = item("assistant_message", content=[{"type": "output_text", "text": "Hi"}]).content
    assert part.annotations == ()


def test_content_may_be_a_string() -> None:
    assert item("user_message", content="Hello").content == (InputText(text="Hello"),)
    assert item("assistant_message", content="Hello").content == (OutputText(text="Hello"),)
    assert item("user_message", content=["a", {"type": "quoted_text", "text": "b"}]).content == (
        InputText(text="a"),
        QuotedText(text="b"),
    )


def test_a_message_of_an_attachment_alone_is_still_a_message() -> None:
    read = item("user_message", content=[], attachments=[{"type": "image", "name": "a.png"}])
    assert isinstance(read, UserMessage)
    assert read.attachments == (Attachment(type="image", name="a.png"),)


def test_a_thread_without_status_user_and_title_is_unknown_in_all_three() -> None:
    read = thread()
    assert (read.status.type, read.user, read.title) == ("unknown", None, None)
    assert not read.problems


def test_a_status_may_be_a_string() -> None:
    assert thread(status="locked").status == ThreadStatus(type="locked")


# -- other servers' ways ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        BORN,
        float(BORN),
        str(BORN),
        "2024-10-28T21:20:00Z",
        "2024-10-28T22:20:00+01:00",
        "2024-10-28T21:20:00",
    ],
)
def test_a_time_is_read_in_every_format(written: Any) -> None:
    assert thread(created_at=written).created_at == BORN


def test_a_time_without_a_zone_is_in_the_given_one_and_marked() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    written = raw(id="msg_1", type="task", created_at="2024-10-29T06:20:00.25")
    for read in (parse_item(written, zone=tokyo), parse_thread(written, zone=tokyo)):
        assert read.created_at == BORN
        assert read.time == Timestamp(BORN, approximate=True, naive=True)
        assert not read.problems
    aware = parse_thread(raw(created_at="2024-10-28T21:20:00Z"), zone=tokyo)
    assert aware.time == Timestamp(BORN)


@pytest.mark.parametrize("written", ["yesterday", True, -1, 1e18, [], "", "nan"])
def test_an_invalid_time_is_a_problem(written: Any) -> None:
    read = thread(created_at=written)
    assert read.created_at is None
    assert [problem.path for problem in read.problems] == ["created_at"]


def test_a_widget_and_arguments_that_are_objects_become_json() -> None:
    assert item("widget", widget={"type": "Card", "t": "ü"}).widget == '{"type":"Card","t":"ü"}'
    assert item("client_tool_call", arguments={"a": [1]}).arguments == '{"a":[1]}'


def test_both_spellings_of_a_step_are_the_same_step() -> None:
    hosted = item("task", task_type="thought", heading="Look", summary="There.")
    nested = item("task", task={"type": "thought", "title": "Look", "content": "There."})
    assert hosted.step == nested.step


def test_both_spellings_of_a_group_have_the_same_steps() -> None:
    hosted = item("task_group", tasks=[{"type": "custom", "heading": "Look"}])
    nested = item(
        "workflow",
        workflow={"type": "custom", "tasks": [{"type": "custom", "title": "Look"}]},
    )
    assert hosted.steps == nested.steps


def test_a_misfit_of_a_nested_step_is_named_by_its_own_path() -> None:
    read = item("workflow", workflow={"tasks": [{"type": "custom"}, {"title": [1]}]})
    assert [problem.path for problem in read.problems] == ["workflow.tasks.1.title"]


def test_a_pending_call_is_in_progress() -> None:
    assert item("client_tool_call", status="pending").status == "in_progress"


def test_a_text_beside_arguments_that_are_an_object_is_no_json() -> None:
    assert item("client_tool_call", arguments={}, output="done").output == '"done"'
    assert item("client_tool_call", arguments="{}", output="done").output == "done"


def test_an_annotation_has_the_type_of_its_source_or_its_own() -> None:
    url = {"type": "url", "url": "https://example.test/"}
    annotations = [
        {"type": "annotation", "source": url},
        {"type": "annotation", "source": {"type": "map", "tile": 3}},
        {"type": "annotation"},
    ]
    content = [{"type": "output_text", "text": "So.", "annotations": annotations}]
    [part] = item("assistant_message", content=content).content
    kinds = [type(annotation).__name__ for annotation in part.annotations]
    assert kinds == ["Annotation", "UnknownPart", "UnknownPart"]


def test_a_lone_surrogate_is_made_visible_in_texts_and_keys() -> None:
    read = parse_thread(rb'{"id": "cthr_1", "title": "a\ud83d", "\udc00": 1}')
    assert read.title == "a⟨U+D83D⟩"
    assert read.model_extra == {"⟨U+DC00⟩": 1}


def test_a_control_character_inside_a_text_is_data() -> None:
    assert parse_thread(b'{"id": "cthr_1", "title": "a\x1b[31m\n\x00"}').title == "a\x1b[31m\n\x00"


def test_a_field_that_is_new_is_kept() -> None:
    assert (thread(mood="good").model_extra or {})["mood"] == "good"


# -- sessions --------------------------------------------------------------------------------------


def test_a_session_needs_no_field_at_all() -> None:
    read = Session.from_json(b"{}")
    assert (read.id, read.user, read.workflow, read.status) == ("", None, None, "unknown")
    assert not read.problems


def test_the_fields_of_older_documents_are_read() -> None:
    read = Session.from_json(
        raw(
            client_secret="ek_1",
            scope={"project": "alpha"},
            ttl_seconds=900,
            cancelled_at=BORN,
            max_requests_per_session=500,
            workflow={"id": "wf_1", "version": "2024-10-01"},
        )
    )
    assert (read.scope, read.ttl_seconds, read.cancelled_at) == ({"project": "alpha"}, 900, BORN)
    assert read.max_requests_per_session == 500
    assert read.workflow is not None
    assert (read.workflow.id, read.workflow.tracing) == ("wf_1", None)


def test_an_empty_client_secret_is_a_client_secret() -> None:
    read = Session.from_json(b'{"client_secret": ""}')
    assert read.client_secret is not None
    assert read.client_secret.reveal() == ""


def test_a_client_secret_never_shows_in_a_repr_or_among_the_problems() -> None:
    assert "ek_secret" not in repr(Session.from_json(b'{"client_secret": "ek_secret"}'))
    assert "ek_secret" not in repr(Session.from_json(b'{"client_secret": ["ek_secret"]}').problems)


def test_an_invalid_nested_part_of_a_session_affects_only_itself() -> None:
    configuration = {"history": {"enabled": True, "recent_threads": "many"}, "file_upload": 3}
    read = Session.from_json(raw(id="cksess_1", chatkit_configuration=configuration))
    assert read.chatkit_configuration is not None
    assert read.chatkit_configuration.history is not None
    assert read.chatkit_configuration.history.enabled is True
    assert {problem.path for problem in read.problems} == {
        "chatkit_configuration.file_upload",
        "chatkit_configuration.history.recent_threads",
    }
