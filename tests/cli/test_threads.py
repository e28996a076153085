"""`threads list`, `show` and `items`."""

from __future__ import annotations

import json

import httpx
import pytest

from chatkit_tui.emulator import DEMO_KEY, Emulator
from tests.cli.conftest import Command
from tests.fork_server import Program
from tests.pty_terminal import Terminal

HEADERS = {"Authorization": f"Bearer {DEMO_KEY}", "OpenAI-Beta": "chatkit_beta=v1"}


def answer(address: str, path: str) -> bytes:
    """The response of the API to a request without parameters."""
    return httpx.get(address + path, headers=HEADERS).raise_for_status().content


def test_the_list_has_the_twenty_rows_of_the_server_and_reports_more(
    chatkit: Command, address: str
) -> None:
    listed = chatkit("threads", "list")
    assert (listed.code, len(listed.output.splitlines())) == (0, 20)
    assert "more exist" in listed.errors


def test_a_line_has_id_status_user_time_and_title(chatkit: Command, address: str) -> None:
    first = json.loads(answer(address, "/chatkit/threads?limit=1"))["data"][0]
    cells = chatkit("threads", "list", "--limit", "1").output.rstrip("\n").split("\t")
    assert cells[:3] == [first["id"], first["status"]["type"], first["user"]]
    assert cells[3].endswith("Z")
    assert cells[4] == first["title"]


def test_all_lists_every_thread_once(thread_ids: list[str]) -> None:
    assert len(thread_ids) == len(set(thread_ids)) == 60


@pytest.mark.parametrize("emulator", [Emulator(threads=1, items=300)], ids=["long"])
def test_a_limit_above_a_page_is_applied(
    chatkit: Command, address: str, emulator: Emulator, thread_ids: list[str]
) -> None:
    listed = chatkit("threads", "items", thread_ids[0], "--limit", "150", "--jsonl")
    assert len(set(listed.output.splitlines())) == 150
    assert emulator.requests[-1].query["limit"] == "100"


def test_the_user_filter_is_the_servers(chatkit: Command, address: str, emulator: Emulator) -> None:
    user = json.loads(answer(address, "/chatkit/threads?limit=1"))["data"][0]["user"]
    listed = chatkit("threads", "list", "--all", "--user", user)
    assert {line.split("\t")[2] for line in listed.output.splitlines()} == {user}
    assert emulator.requests[-1].query["user"] == user


@pytest.mark.parametrize(
    "arguments", [("threads", "list", "--user", ""), ("--user", " ", "threads", "list")]
)
def test_an_empty_user_is_wrong_usage_and_not_everybody(
    chatkit: Command, address: str, emulator: Emulator, arguments: tuple[str, ...]
) -> None:
    ended = chatkit(*arguments)
    assert (ended.code, ended.output) == (2, "")
    assert "--all-users" in ended.errors
    assert not emulator.requests


def test_the_filter_of_a_profile_can_be_dropped(
    chatkit: Command, address: str, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATKIT_TUI_USER", "nobody-of-this-name")
    assert chatkit("threads", "list").output == ""
    assert len(chatkit("threads", "list", "--all-users").output.splitlines()) == 20
    assert len(chatkit("--user", "x", "threads", "list", "--all-users").output.splitlines()) == 20
    assert "user" not in emulator.requests[-1].query


def test_one_user_and_all_of_them_exclude_each_other(chatkit: Command) -> None:
    ended = chatkit("--demo", "threads", "list", "--user", "ada", "--all-users")
    assert ended.code == 2
    assert "exclude each other" in ended.errors


def test_the_order_is_the_servers(chatkit: Command, address: str, thread_ids: list[str]) -> None:
    listed = chatkit("threads", "list", "--all", "--order", "asc")
    assert [line.split("\t")[0] for line in listed.output.splitlines()] == thread_ids[::-1]


@pytest.mark.parametrize(
    ("arguments", "query"),
    [((), ""), (("--limit", "3"), "?limit=3"), (("--order", "asc"), "?order=asc")],
)
def test_json_is_the_response_byte_for_byte(
    chatkit: Command, address: str, arguments: tuple[str, ...], query: str
) -> None:
    listed = chatkit("threads", "list", "--json", *arguments)
    assert listed.raw == answer(address, f"/chatkit/threads{query}") + b"\n"


def test_json_of_several_pages_is_one_list(chatkit: Command, address: str) -> None:
    listed = json.loads(chatkit("threads", "list", "--json", "--all").output)
    assert (listed["object"], len(listed["data"]), listed["has_more"]) == ("list", 60, False)
    assert listed["first_id"] == listed["data"][0]["id"]


def test_json_lines_are_the_rows(chatkit: Command, address: str) -> None:
    rows = [json.loads(line) for line in chatkit("threads", "list", "--jsonl").output.splitlines()]
    assert rows == json.loads(answer(address, "/chatkit/threads"))["data"]


def test_all_and_a_limit_together_are_wrong_usage(chatkit: Command, address: str) -> None:
    ended = chatkit("threads", "list", "--all", "--limit", "3")
    assert ended.code == 2
    assert "exclude each other" in ended.errors


def test_two_forms_together_are_wrong_usage(chatkit: Command, address: str) -> None:
    assert chatkit("threads", "list", "--json", "--jsonl").code == 2


@pytest.mark.parametrize("form", [(), ("--json",), ("--jsonl",)])
def test_a_broken_list_does_not_pass_for_an_empty_one(
    chatkit: Command, address: str, emulator: Emulator, form: tuple[str, ...]
) -> None:
    emulator.faults = ("empty-page-with-more",)
    ended = chatkit("threads", "list", *form)
    assert ended.code == 1
    assert "list is broken" in ended.errors
    assert len(ended.errors.splitlines()) == 1


def test_a_list_without_has_more_is_listed_to_its_end(
    chatkit: Command, address: str, emulator: Emulator
) -> None:
    emulator.faults = ("no-has-more",)
    ended = chatkit("threads", "list", "--all")
    assert (ended.code, len(ended.output.splitlines()), ended.errors) == (0, 60, "")
    assert json.loads(chatkit("threads", "list", "--all", "--json").output)["has_more"] is False


def test_a_limit_of_0_is_not_reported_as_no_threads(chatkit: Command, address: str) -> None:
    assert chatkit("threads", "list", "--limit", "0").errors == (
        "threads: none shown (--limit 0)\n"
    )


def test_a_broken_thread_is_shown_with_its_head(
    chatkit: Command, address: str, emulator: Emulator, thread_ids: list[str]
) -> None:
    emulator.faults = ("empty-page-with-more@threads.list_items",)
    ended = chatkit("threads", "show", thread_ids[0])
    assert ended.code == 1
    assert thread_ids[0] in ended.output


@pytest.mark.parametrize("command", ["show", "items"])
def test_an_empty_id_is_reported(chatkit: Command, command: str) -> None:
    ended = chatkit("--demo", "threads", command, "")
    assert ended.code == 2
    assert "'ID'" in ended.errors


def test_a_wait_is_reported_once(chatkit: Command, address: str, emulator: Emulator) -> None:
    emulator.faults = ("rate-limit-long",)
    errors = chatkit("threads", "list").errors
    assert errors.count("ait") == 1
    assert "Wait 5 minutes" in errors


def test_the_options_of_the_connection_work_before_and_after_a_command(chatkit: Command) -> None:
    before = chatkit("--demo", "threads", "list", "--limit", "2")
    after = chatkit("threads", "list", "--limit", "2", "--demo")
    assert (before.code, after.code) == (0, 0)
    assert before.output == after.output


def test_the_demonstration_needs_no_key(chatkit: Command) -> None:
    assert chatkit("--demo", "threads", "list").code == 0


def test_the_demonstration_may_be_a_self_hosted_server(chatkit: Command) -> None:
    server = ("--demo", "--protocol", "server")
    [row] = chatkit(*server, "threads", "list", "--limit", "1", "--jsonl").raw.splitlines()
    thread = json.loads(row)
    shown = chatkit(*server, "threads", "show", thread["id"])
    assert shown.code == 0
    for words in ("@Move 2214", "5 tasks  reasoning  74 s", "[●] Friday evening", "end of turn"):
        assert words in shown.output
    assert "unknown" not in shown.output.replace("user    unknown", "")
    assert chatkit(*server, "threads", "delete", "--yes", thread["id"]).code == 0
    assert chatkit(*server, "sessions", "create", "--user", "a", "--workflow", "w").code == 2


def test_items_are_the_response_byte_for_byte(
    chatkit: Command, address: str, thread_ids: list[str]
) -> None:
    listed = chatkit("threads", "items", thread_ids[0], "--json")
    assert listed.raw == answer(address, f"/chatkit/threads/{thread_ids[0]}/items") + b"\n"


def test_an_item_line_has_id_type_time_and_first_words(
    chatkit: Command, address: str, thread_ids: list[str]
) -> None:
    item = json.loads(answer(address, f"/chatkit/threads/{thread_ids[0]}/items?limit=1"))["data"][0]
    cells = chatkit("threads", "items", thread_ids[0], "--limit", "1").output.split("\t")
    assert cells[:2] == [item["id"], item["type"]]
    assert len(cells) == 4


def test_a_thread_is_shown_with_everything_that_was_reported(
    chatkit: Command, address: str, thread_ids: list[str]
) -> None:
    items = json.loads(answer(address, f"/chatkit/threads/{thread_ids[0]}/items?order=asc"))["data"]
    said = next(
        part["text"]
        for item in items
        if item["type"] == "chatkit.user_message"
        for part in item["content"]
    )
    shown = chatkit("threads", "show", thread_ids[0], "--width", "200").output
    assert " ".join(said.split()) in " ".join(shown.split())


@pytest.mark.parametrize("width", [40, 80, 160])
def test_no_line_of_a_thread_exceeds_the_width(
    chatkit: Command, address: str, thread_ids: list[str], width: int
) -> None:
    from chatkit_tui.text.width import cells

    shown = chatkit("threads", "show", thread_ids[0], "--width", str(width))
    assert max(cells(line) for line in shown.output.splitlines()) <= width


def test_a_thread_as_json_is_the_response_byte_for_byte_without_items(
    chatkit: Command, address: str, emulator: Emulator, thread_ids: list[str]
) -> None:
    emulator.requests.clear()
    shown = chatkit("threads", "show", thread_ids[0], "--json")
    assert [request.path for request in emulator.requests] == [
        f"/v1/chatkit/threads/{thread_ids[0]}"
    ]
    assert shown.raw == answer(address, f"/chatkit/threads/{thread_ids[0]}") + b"\n"


@pytest.mark.parametrize("columns", [80, 160])
def test_on_a_terminal_the_title_precedes_the_id(
    chatkit: Command, address: str, thread_ids: list[str], columns: int
) -> None:
    cells = chatkit("threads", "list", "--limit", "1").output.rstrip("\n").split("\t")
    with Terminal(
        Program(["threads", "list", "--limit", "5"]),
        columns=columns,
        rows=50,
        environment={"OPENAI_BASE_URL": address, "OPENAI_API_KEY": "sk-demo-not-a-real-key"},
    ) as terminal:
        assert terminal.exit_code() == 0
        screen = terminal.screen()
    assert screen[0].startswith("TITLE")
    row = "".join(screen[1 : 3 if columns == 80 else 2])
    assert row.startswith(cells[4][:18])
    assert thread_ids[0] in row


def test_a_thread_can_be_shown_newest_first(
    chatkit: Command, address: str, emulator: Emulator, thread_ids: list[str]
) -> None:
    assert chatkit("threads", "show", thread_ids[0], "--order", "desc").code == 0
    assert emulator.requests[-1].query["order"] == "desc"


def test_text_away_from_a_terminal_has_no_escape_in_it(
    chatkit: Command, address: str, thread_ids: list[str]
) -> None:
    for thread_id in thread_ids[:10]:
        assert "\x1b" not in chatkit("threads", "show", thread_id).output


def test_a_thread_that_does_not_exist_is_not_found(chatkit: Command, address: str) -> None:
    ended = chatkit("threads", "show", "cthr_nowhere")
    assert ended.code == 4
    assert "cthr_nowhere" in ended.errors
    assert len(ended.errors.splitlines()) == 1


def test_a_chart_is_a_table_in_a_pipe(chatkit: Command, address: str, emulator: Emulator) -> None:
    thread_id = emulator.thread_titled("Camping am Bohinjer See: wird das Wetter halten?")
    shown = chatkit("threads", "show", thread_id, "--width", "100").output
    assert "Sun │        9 │       22" in shown
    assert "█" not in shown


def test_the_summary_has_figures_as_text_and_as_json(
    chatkit: Command, thread_ids: list[str]
) -> None:
    shown = chatkit("threads", "show", thread_ids[0], "--summary", "--json")
    summary = json.loads(shown.output)
    assert (shown.code, summary["whole"]) == (0, True)
    assert summary["thread_id"] == thread_ids[0]
    assert summary["items"] == sum(summary["by_kind"].values()) == sum(summary["activity"])
    lines = chatkit("threads", "show", thread_ids[0], "--summary").output.splitlines()
    facts = dict(line.split("\t") for line in lines)
    assert facts["items"] == f"{summary['items']}, the whole thread"
