"""Tool calls: the one line that a closed call is, the errors in it, and the values below it."""

from __future__ import annotations

import base64
import json
import re
from textwrap import dedent, wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.document.from_json import json_blocks
from chatkit_tui.document.spans import line_text
from chatkit_tui.document.values import is_base64
from chatkit_tui.models.json import JSON
from chatkit_tui.render.items import copied_text, item_words
from chatkit_tui.text.width import cells
from tests.render.drawing import frame
from tests.render.examples import CONTEXT, body, drawn, head, item


def call(**fields: JSON) -> list[str]:
    """Return the body of an opened tool call."""
    what = item("client_tool_call", **{"name": "look", "arguments": "{}", **fields})
    return body(what, open=True)


def line(width: int = 80, *, name: str = "look", **fields: JSON) -> str:
    """Return the one line of a closed call, without its time."""
    what = item("client_tool_call", **{"name": name, "status": "completed", **fields})
    assert body(what, width) == []
    return head(what, width).removesuffix("3 h ago").rstrip()


def args(**values: JSON) -> str:
    return json.dumps(values, ensure_ascii=False)


# -- one line --------------------------------------------------------------------------------------


def test_a_closed_call_is_one_line() -> None:
    what = item("client_tool_call", name="look", arguments='{"a": 1}', output='"ok"')
    assert len(drawn(what).lines) == 1
    assert drawn(what).folded
    assert not drawn(what, open=True).folded


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ('{"charges": [{"id": 1}, {"id": 2}]}', "2 charges"),
        ('{"charges": [{"id": 1}], "has_more": false}', "1 charge"),
        ('{"open_boxes": []}', "0 open boxes"),
        ('{"deliveries": [1]}', "1 delivery"),
        ("[1, 2, 3]", "3 entries"),
        ('{"a": [], "b": []}', "a: [], b: []"),
        ('{"seat": "4C", "paid": true, "cost": 1.50}', 'seat: "4C", paid: true, cost: 1.50'),
        ("Rain from\nnoon on", "Rain from noon on"),
        ('"ok"', "ok"),
        ("null", "null"),
        ('{"photo": "data:image/png;base64,' + "A" * 20_000 + '"}', "photo: image/png, 15 kB"),
    ],
)
def test_an_output_is_its_count_or_its_first_words(output: str, shown: str) -> None:
    assert line(arguments="{}", output=output) == f"✓ look() → {shown}"


def test_a_call_without_output_says_so() -> None:
    assert line(arguments="{}") == "✓ look()  no output"


def test_arguments_and_output_share_the_room() -> None:
    given = args(customer="cus_8120", limit=3, note="all of the charges that were made in spring")
    output = json.dumps({"charges": [{}, {}]})
    assert line(64, arguments=given, output=output).endswith(" → 2 charges")
    text = "word " * 40
    shared = line(80, arguments=args(q=text), output=json.dumps({"a": text}))
    before, after = shared.split(" → ")
    assert abs(cells(before) - cells(after)) < 14


def test_an_argument_that_does_not_fit_is_an_ellipsis() -> None:
    given = args(customer="cus_8120", flight={"number": "TP 576", "day": "12 March"}, seat="4C")
    assert line(72, arguments=given, output='"ok"') == (
        '✓ look(customer: "cus_8120", flight: …, seat: "4C") → ok'
    )


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("completed", "✓ look(a: 1) → ok"),
        ("in_progress", "◐ look(a: 1)  in progress"),
        ("retrying", "? look(a: 1)  retrying"),
    ],
)
def test_a_call_shows_its_status(status: str, shown: str) -> None:
    assert line(status=status, arguments='{"a": 1}', output='"ok"') == shown


@pytest.mark.parametrize(
    ("status", "start"),
    [
        ("completed", "✓ look  completed"),
        ("in_progress", "◐ look  in progress"),
        ("retrying", "? look  retrying"),
        (None, "? look"),
    ],
)
def test_an_opened_call_shows_its_status_as_symbol_and_word(status: JSON, start: str) -> None:
    assert head(item("client_tool_call", name="look", status=status), open=True).startswith(start)


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (
            '{"error": {"type": "x", "message": "Your card was declined."}}',
            "Your card was declined.",
        ),
        ('{"error": "No such\\n parcel"}', "No such parcel"),
        ('{"error": true, "message": "No."}', "No."),
        ('{"error": {"error": {"detail": "Deep down."}}}', "Deep down."),
        ('{"errors": [{"message": "Not a day."}, {"message": "Not a time."}]}', "Not a day."),
        ('{"errors": ["Not a day."]}', "Not a day."),
        ('{"status": 404, "message": "Not found."}', "Not found."),
        ('{"status_code": 422, "detail": [{"loc": ["a"], "msg": "too short"}]}', "too short"),
        ('{"ok": false, "detail": "No right to do so."}', "No right to do so."),
        ('{"success": false, "error_code": 7}', "failed: success: false, error_code: 7"),
        ('{"is_error": true, "body": "{\\"a\\": 1}", "message": "Closed."}', "Closed."),
        ("Error: the gate is closed", "Error: the gate is closed"),
        ("ValueError: no day", "ValueError: no day"),
        ('"Error: no day"', "Error: no day"),
        ('Traceback (most recent call last):\n  File "a.py", line 1\nKeyError: 4\n', "KeyError: 4"),
    ],
)
def test_the_message_of_an_error_is_in_the_header(output: str, message: str) -> None:
    assert line(arguments='{"a": 1}', output=output) == f"✗ look  {message}"


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ('{"message": "Your card was declined."}', "Your card was declined."),
        ('{"detail": "No."}', "No."),
        ("out of paper", "out of paper"),
        ('{"a": 1}', "failed: a: 1"),
        ("[]", "failed"),
        (None, "failed"),
    ],
)
def test_a_failed_call_takes_its_message_from_anywhere(output: JSON, message: str) -> None:
    assert line(status="failed", arguments="{}", output=output) == f"✗ look  {message}"


@pytest.mark.parametrize(
    "output",
    [
        '{"error": null, "a": 1}',
        '{"errors": [], "a": 1}',
        '{"errors": 0, "a": 1}',
        '{"message": "sent"}',
        '{"detail": "x"}',
        '{"status": 200}',
        '{"status": "ok"}',
        "No error was found",
        "The error: none",
    ],
)
def test_an_output_that_tells_no_failure_is_none(output: str) -> None:
    assert line(arguments="{}", output=output).startswith("✓ look()")


def test_a_failed_call_says_that_its_arguments_are_cut_off() -> None:
    shown = line(arguments='{"order": "60120", "amount": 31.4', output='{"ok": false}')
    assert shown == "✗ look  failed: its arguments are not JSON"


def test_a_failed_call_is_red() -> None:
    what = item("client_tool_call", name="look", status="completed", output='{"error": "No."}')
    (only,) = drawn(what).lines
    assert {span.style.role for span in only if span.text.strip()} == {"bad", "dim"}
    assert line_text(only[:1]).strip().startswith("✗")


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.dictionaries(
                st.one_of(
                    st.sampled_from(["error", "errors", "message", "rows"]), st.text(max_size=8)
                ),
                inner,
                max_size=4,
            ),
        ),
        max_leaves=12,
    ),
    st.integers(1, 60),
)
def test_any_output_fits(value: JSON, width: int) -> None:
    text = json.dumps(value)
    what = item("client_tool_call", name="look", status="completed", arguments=text, output=text)
    for opened in (None, True):
        for drawn_line in drawn(what, width, open=opened).lines:
            assert cells(line_text(drawn_line)) <= width


# -- values ----------------------------------------------------------------------------------------


def test_the_names_of_an_object_are_a_table_of_name_and_value() -> None:
    assert call(arguments='{"a":[1.50],"name":"Bo"}', output='{"b":null}') == [
        "arguments",
        "  a     [1.50]",
        "  name  Bo",
        "output",
        "  b  null",
    ]


def test_a_text_keeps_its_lines() -> None:
    given = args(query="SELECT id,\n       name\nFROM orders", limit=10)
    assert call(arguments=given)[:4] == [
        "arguments",
        "  query  SELECT id,",
        "                name",
        "         FROM orders",
    ]


def test_a_long_text_is_wrapped_between_words() -> None:
    lines = call(arguments=args(text="seven words that are long enough " * 4))
    assert len(lines) > 3
    assert all(row.startswith("        ") for row in lines[2:-1])
    assert (
        " ".join(" ".join(lines[1:-1]).split())
        == ("text " + "seven words that are long enough " * 4).strip()
    )


def test_an_array_of_like_objects_is_a_table() -> None:
    rows = [{"id": 1, "name": "ACME", "paid": True}, {"id": 20, "name": "Globex | Co"}]
    assert call(output=json.dumps(rows))[1:] == [
        "output   id │ name        │ paid",
        "         ───┼─────────────┼─────",
        "          1 │ ACME        │ true",
        "         20 │ Globex | Co │",
    ]


def test_rows_with_the_names_of_their_columns_are_a_table() -> None:
    value = {"columns": ["id", "total"], "rows": [[1, 1200.5], [2, None]]}
    assert call(output=json.dumps(value))[1:] == [
        "output   id │ total",
        "         ───┼───────",
        "          1 │ 1200.5",
        "          2 │ null",
    ]


def test_json_in_a_text_is_opened() -> None:
    inner = json.dumps({"user": {"id": 1}, "note": "He said:\nleft"})
    assert call(arguments="{}", output=json.dumps({"body": inner}))[1:] == [
        "output",
        "  body",
        '    user  {"id": 1}',
        "    note  He said:",
        "          left",
    ]
    assert call(output=json.dumps(json.dumps({"a": 1})))[1:] == ["output", "  a  1"]


def test_base64_and_data_addresses_are_short_words() -> None:
    data = base64.b64encode(bytes(range(250)) * 12).decode()
    lines = call(output=args(data=data, photo="data:image/png;base64," + "A" * 20_000))
    assert lines[1:] == [
        "output",
        "  data   <base64, 4,000 characters>",
        "  photo  image/png, 15 kB",
    ]
    raw = body(item("client_tool_call", name="a", output=args(data=data)), raw=True)
    assert data in "".join(row.strip() for row in raw)


ENCODED = base64.b64encode(bytes(range(3, 252))).decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENCODED, True),
        ("\n".join(wrap(ENCODED, 76)), True),
        ("\r\n".join(wrap(ENCODED, 64)) + "\r\n", True),
        ("\n".join(wrap(ENCODED, 24)), False),
        ("\n".join(f"cthr_{number}Ab" for number in range(100, 160)), False),
        ("\n".join(f"Word{number}" for number in range(60)), False),
        ("-".join(f"Quite-Long-Words{number}" for number in range(30)), False),
        ("_".join(f"SomeName{number}" for number in range(60)), False),
        ("0123456789abcdefABCDEF" * 20, False),
        ("0123456789abcdef" * 20, False),
        ("word" * 80, False),
        ("/Home/User1/some" * 20, False),
        (ENCODED[:199], False),
        (ENCODED[:100] + " " + ENCODED[100:], False),
    ],
)
def test_only_what_is_certainly_base64_is(text: str, expected: bool) -> None:
    assert is_base64(text) is expected


def test_a_text_that_looks_like_another_value_has_quotes() -> None:
    assert call(output=args(a="10", b=10, c="null", d="", e=" x"))[2:] == [
        '  a  "10"',
        "  b  10",
        '  c  "null"',
        '  d  ""',
        '  e  " x"',
    ]


def test_a_list_of_texts_has_bullets() -> None:
    assert call(output='["a long text of one entry\\nand more", "b"]')[1:] == [
        "output   • a long text of one entry",
        "           and more",
        "         • b",
    ]


def test_numbers_and_small_lists_stand_on_one_line() -> None:
    points = [[number, number * 1.5] for number in range(40)]
    assert call(output=args(points=points, box={"w": 1.50, "h": [2, 3]}))[1:3] == [
        "output",
        "  points  [[0, 0.0], [1, 1.5], [2, 3.0], [3, 4.5], [4, 6.0], [5, 7.5], [6, 9.0],",
    ]
    assert call(output=args(box={"w": 1, "h": [2, 3]}))[2:] == ['  box  {"w": 1, "h": [2, 3]}']


def test_a_long_name_has_a_line_of_its_own() -> None:
    name = "the_name_of_a_field_that_is_long"
    assert call(output=json.dumps({name: "x", "a": 1}))[2:] == [f"  {name}", "    x", "  a  1"]


def test_a_name_twice_in_an_object_is_shown_as_it_came() -> None:
    assert call(output='{"a": 1, "a": 2}')[2:] == ["  {", '    "a": 1,', '    "a": 2', "  }"]


def test_short_values_are_beside_their_name() -> None:
    assert call(call_id="call_1", output='"ok"') == [
        "call     call_1",
        "arguments  {}",
        "output   ok",
    ]


def test_a_running_call_has_no_output_yet() -> None:
    assert call(status="in_progress", output=None)[-1] == "output   none yet"
    assert call(status="completed", output=None)[-1] == "output   none"


def test_broken_json_is_marked_and_shown_as_text() -> None:
    assert call(arguments='{"a": [1,', output="done\nand dusted") == [
        "arguments (not JSON)",
        '  {"a": [1,',
        "output (not JSON)",
        "  done",
        "  and dusted",
    ]


def test_deeply_nested_json_is_shown() -> None:
    lines = call(arguments="[" * 50_000 + "]" * 50_000)
    assert lines[0] == "arguments"
    assert lines[1].startswith("  [")


def test_arguments_sent_as_an_object_are_json() -> None:
    assert call(arguments={"a": 1})[:2] == ["arguments", "  a  1"]


def test_find_and_the_clipboard_have_what_is_folded() -> None:
    what = item("client_tool_call", name="look", arguments=args(customer="cus_8120"))
    assert "cus_8120" in item_words(what)
    assert "customer" in item_words(what)
    assert "customer  cus_8120" in (copied_text(what, CONTEXT) or "")


def test_a_value_over_the_limit_is_json() -> None:
    text = json.dumps({"a": "x y " * 100_000})
    assert call(output=text)[2] == "  {"
    assert frame(json_blocks(text), 80)


def test_a_hidden_character_in_a_name_is_shown() -> None:
    assert call(output=json.dumps({"a\u202e": "b\x1b"}))[2:] == ["  a⟨U+202E⟩  b␛"]
    assert line(arguments=json.dumps({"a\u202e": "b"}), output="\u202e") == (
        '✓ look(a⟨U+202E⟩: "b") → ⟨U+202E⟩  ! 2 hidden characters'
    )


def test_the_opened_call_of_the_example() -> None:
    value = {"error": {"code": "x", "message": "m", "trace": "a\n  b"}}
    assert "\n".join(call(output=json.dumps(value))[1:]) == dedent("""\
        output
          error
            code     x
            message  m
            trace    a
                       b""")


WORD = st.text("ABCDEFGHIJ", min_size=1, max_size=8)


@given(
    st.recursive(
        st.one_of(WORD, st.lists(WORD, min_size=1, max_size=12).map(" ".join), st.integers()),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.dictionaries(WORD, inner, max_size=4),
            st.builds(json.dumps, st.dictionaries(WORD, inner, max_size=2)),
            st.builds(
                lambda rows: {"columns": ["x", "y"], "rows": rows}, st.lists(st.tuples(WORD, WORD))
            ),
        ),
        max_leaves=10,
    )
)
def test_no_word_of_a_value_is_lost(value: JSON) -> None:
    text = json.dumps(value)
    shown = re.findall("[A-J]+|[0-9]+", "\n".join(call(arguments=text)))
    for word in set(re.findall("[A-J]+|[0-9]+", text)):
        assert word in shown or len(word) > 20
