"""Of a million rows, only the requested ones are computed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.emulator import DEMO_NOW, Emulator
from chatkit_tui.emulator.library import Library
from chatkit_tui.emulator.sample_data import LONG_TITLE
from tests.emulator.conftest import MakeWire

MILLION = 1_000_000
HUGE = Library(MILLION)
LONG = Library(1, MILLION).conversation(0)


async def test_a_page_of_a_million_threads_computes_only_its_own_rows(
    make_wire: MakeWire,
) -> None:
    emulator = Emulator(threads=MILLION)
    wire = make_wire(emulator)
    params = {"after": emulator.thread_id(500_000), "limit": "50"}
    page = (await wire.get("chatkit/threads", params=params)).json()
    assert page["data"][0]["id"] == emulator.thread_id(499_999)
    assert page["data"][-1]["id"] == emulator.thread_id(499_950)
    assert emulator.library.made == 50


async def test_a_page_from_the_middle_of_a_million_items_has_them_in_order(
    make_wire: MakeWire,
) -> None:
    emulator = Emulator(threads=1, items=MILLION)
    conversation = emulator.library.conversation(0)
    middle = conversation.row(500_000)["id"]
    params = {"after": middle, "order": "asc", "limit": "3"}
    path = f"chatkit/threads/{emulator.thread_id()}/items"
    page = (await make_wire(emulator).get(path, params=params)).json()
    assert page["data"] == [conversation.row(500_000 + number) for number in (1, 2, 3)]


def test_creating_a_library_of_a_million_computes_no_row() -> None:
    assert Library(MILLION, MILLION).made == 0
    assert Library(MILLION, MILLION).conversation(MILLION // 2).made == 0


@given(index=st.integers(0, MILLION - 1))
def test_the_id_of_a_thread_leads_back_to_it(index: int) -> None:
    assert HUGE.index_of(HUGE.identifier(index)) == index


@given(index=st.integers(0, MILLION - 1))
def test_the_id_of_an_item_leads_back_to_it(index: int) -> None:
    assert LONG.index_of(LONG.row(index)["id"]) == index


@given(index=st.integers(1, MILLION - 1))
def test_times_never_decrease_from_row_to_row(index: int) -> None:
    assert HUGE.created_at(index - 1) <= HUGE.created_at(index) <= DEMO_NOW
    assert LONG.created_at(index - 1) <= LONG.created_at(index) <= DEMO_NOW


@pytest.mark.parametrize("count", [0, 1, 20, 60, 61, 5000])
def test_there_are_as_many_threads_as_requested(count: int) -> None:
    library = Library(count)
    assert len(library) == count
    assert len({library.identifier(index) for index in range(count)}) == count


@pytest.mark.parametrize("count", [0, 1, 3, 1000])
def test_every_thread_has_as_many_items_as_requested(count: int) -> None:
    library = Library(80, count)
    assert {len(library.conversation(index)) for index in range(80)} == {count}


def test_a_longer_archive_changes_neither_the_stories_nor_their_ids() -> None:
    small, large = Library(60), Library(100_000)
    assert [small.row(index) for index in range(60)] == [
        large.row(100_000 - 60 + index) for index in range(60)
    ]


def test_fewer_threads_are_the_newest_ones() -> None:
    few, all_of_them = Library(5), Library(60)
    assert [few.row(index) for index in range(5)] == [all_of_them.row(55 + n) for n in range(5)]


def test_archived_threads_are_about_the_order_in_their_title() -> None:
    library = Library(200)
    titles = [(index, str(library.row(index)["title"])) for index in range(140)]
    about = [(index, title[-6:-1]) for index, title in titles if title.startswith("Where is order")]
    assert about
    for index, order in about:
        conversation = library.conversation(index)
        assert order in str(conversation.row(0)["content"])


def test_a_longer_thread_begins_with_its_story() -> None:
    usual, longer = Library(60), Library(60, 500)
    index = usual.index_of_title("Charged twice for February")
    steps = len(usual.conversation(index))
    assert [longer.conversation(index).row(number) for number in range(steps)] == [
        usual.conversation(index).row(number) for number in range(steps)
    ]


async def test_deleted_threads_of_a_million_are_skipped(make_wire: MakeWire) -> None:
    emulator = Emulator(threads=MILLION)
    wire = make_wire(emulator)
    for index in (600_000, 599_998):
        await wire.delete(f"chatkit/threads/{emulator.thread_id(index)}")
    params = {"after": emulator.thread_id(600_001), "limit": "2"}
    page = (await wire.get("chatkit/threads", params=params)).json()
    assert [row["id"] for row in page["data"]] == [
        emulator.thread_id(599_999),
        emulator.thread_id(599_997),
    ]


def test_a_story_is_found_by_its_title() -> None:
    emulator = Emulator()
    assert emulator.thread_titled(LONG_TITLE) == emulator.thread_id(0)
    with pytest.raises(KeyError):
        emulator.thread_titled("Never told")
