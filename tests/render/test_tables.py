"""Tables have columns where these fit, else lists, and keep every word."""

from __future__ import annotations

from collections import Counter
from textwrap import dedent

from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.document.blocks import Table
from chatkit_tui.document.spans import Span
from tests.render.drawing import frame, letters, words


def table(*rows: str, align: tuple[str, ...] = (), header: bool = True) -> Table:
    """Return a table of rows whose cells are separated by `|`."""
    cells = tuple(tuple((Span(cell.strip()),) for cell in row.split("|")) for row in rows)
    return Table(cells, align, header)


ORDERS = table(
    "Order | Status | Note",
    "1001 | sent | left the warehouse on Monday morning",
    "1002 | returned | the customer was not at home",
)


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert frame((ORDERS,), 80) == dedent("""\
        Order │ Status   │ Note
        ──────┼──────────┼─────────────────────────────────────
        1001  │ sent     │ left the warehouse on Monday morning
        1002  │ returned │ the customer was not at home""")


def test_the_widest_column_wraps_first() -> None:
    assert frame((ORDERS,), 40) == dedent("""\
        Order │ Status   │ Note
        ──────┼──────────┼──────────────────────
        1001  │ sent     │ left the warehouse on
              │          │ Monday morning
        1002  │ returned │ the customer was not
              │          │ at home""")


def test_a_table_that_does_not_fit_lists_each_row() -> None:
    assert frame((ORDERS,), 22) == dedent("""\
        Order: 1001
        Status: sent
        Note: left the
        warehouse on Monday
        morning

        Order: 1002
        Status: returned
        Note: the customer was
        not at home""")


def test_cells_are_aligned_as_requested() -> None:
    aligned = table(
        "item|price|n", "tea|4.50|1", "cake|12.00|10", align=("left", "right", "center")
    )
    assert frame((aligned,), 40) == dedent("""\
        item │ price │ n
        ─────┼───────┼───
        tea  │  4.50 │ 1
        cake │ 12.00 │ 10""")


def test_rows_may_be_shorter_than_others() -> None:
    assert frame((table("a|b|c", "1"),), 20) == "a │ b │ c\n──┼───┼──\n1 │   │"


def test_a_table_without_a_header_has_no_rule() -> None:
    assert frame((table("a|b", "1|2", header=False),), 20) == "a │ b\n1 │ 2"


def test_an_empty_table_has_no_lines() -> None:
    assert frame((Table(()), Table(((),))), 20) == ""


@given(
    st.lists(st.lists(words, min_size=1, max_size=5), min_size=1, max_size=4),
    st.integers(2, 60),
    st.booleans(),
)
def test_every_word_of_a_table_is_drawn(rows: list[list[str]], width: int, header: bool) -> None:
    made = Table(tuple(tuple((Span(cell),) for cell in row) for row in rows), (), header)
    wanted = Counter(letters("".join(cell for row in rows for cell in row)))
    assert not wanted - Counter(letters(frame((made,), width)))


def test_columns_keep_the_longest_piece_of_a_word_that_can_be_folded() -> None:
    services = table(
        "Service | Region | Errors (24 h) | Owner",
        "invoice-api | eu-west-1 | 12 | Payments and Ledger",
        "media-transcoder-service | ap-southeast-2 | 8,311 | Media",
        align=("left", "left", "right", "left"),
    )
    assert frame((services,), 50) == dedent("""\
        Service      │ Region      │    Errors │ Owner
                     │             │    (24 h) │
        ─────────────┼─────────────┼───────────┼──────────
        invoice-api  │ eu-west-1   │        12 │ Payments
                     │             │           │ and
                     │             │           │ Ledger
        media-       │ ap-         │     8,311 │ Media
        transcoder-  │ southeast-2 │           │
        service      │             │           │""")
