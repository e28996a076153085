"""A source that is read through a mask."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from chatkit_tui.errors import BadRequestError, InvalidArgumentError
from chatkit_tui.export.redaction.mask import Mask, MaskedSource, new_mask
from chatkit_tui.models.page import Page, RawRow
from chatkit_tui.sources.archive.source import ArchiveSource
from chatkit_tui.sources.base import Capability, Deletion, ListQuery, SearchQuery, ThreadSource
from tests.sources.archive.builder import (
    follow,
    index_all,
    list_threads,
    message,
    read_again,
    thread,
    writing,
)
from tests.sources.test_contract import MemorySource

ADA = "ada@example.com"
BOB = "bob@example.org"
LONG = "word " * 60


@pytest.fixture
def mask() -> Mask:
    return new_mask()


@pytest.fixture
def masked(tmp_path: Path, mask: Mask) -> MaskedSource:
    """An archive in which ids, users, titles and texts are addresses."""
    first = [message("cti_1", f"{LONG}needle {ADA} {LONG}"), message(BOB, "to +49 30 901820")]
    with writing(tmp_path / "saved") as writer:
        list_threads(writer, thread(ADA, user=ADA, title=f"Mail of {ADA}"), thread("cthr_2"))
        follow(writer, ADA, first)
        index_all(writer)
        read_again(writer, ADA, [message("cti_1", f"needle {BOB}"), first[1]])
        index_all(writer)
    return MaskedSource(ArchiveSource(tmp_path / "saved"), mask)


def test_it_passes_on_all_that_a_source_offers() -> None:
    own = {name for name, _ in inspect.getmembers(ThreadSource) if not name.startswith("_")}
    assert own <= set(vars(MaskedSource))


async def test_rows_are_redacted_and_ids_keep_their_meaning(masked: MaskedSource) -> None:
    threads = await masked.list_threads(ListQuery())
    row = next(row for row in threads.rows if row.id != "cthr_2")
    assert ADA.encode() not in threads.raw
    page = await masked.list_items(row.id or "", ListQuery(1, "asc"))
    assert page.has_more
    rest = await masked.list_items(row.id or "", ListQuery(5, "asc", page.next_cursor))
    assert [row.id for row in (*page.rows, *rest.rows)] == ["cti_1", "‹email 2›"]
    assert b"901820" not in rest.raw
    assert (await masked.get_thread(row.id or "")).raw == row.raw
    newer = await masked.list_newer_items(row.id or "", page.rows)
    assert newer.raw == rest.raw
    assert await masked.has_item(row.id or "", "‹email 2›")
    assert not await masked.has_item(row.id or "", "cti_9")
    before = await masked.list_items(row.id or "", ListQuery(5, "desc", rest.rows[0].id))
    assert [row.id for row in before.rows] == ["cti_1"]
    await masked.aclose()


async def test_a_user_is_named_as_shown(masked: MaskedSource) -> None:
    await masked.list_threads(ListQuery())
    found = await masked.list_threads(ListQuery(user="‹email 1›"))
    assert len(found) == 1
    await masked.aclose()


async def test_a_passage_is_cut_out_of_what_is_redacted(masked: MaskedSource) -> None:
    found = await masked.search(SearchQuery("needle"))
    hit = found.hits[0]
    assert "example" not in hit.passage
    assert [text for text, is_match in hit.pieces() if is_match] == ["needle"]
    assert "example" not in f"{hit.title} {hit.user} {hit.thread_id}"
    found = await masked.search(SearchQuery("needle", user=hit.user, thread_id=hit.thread_id))
    assert found.hits[0].item_id == hit.item_id
    by_user = await masked.search(SearchQuery(ADA, kind="thread"))
    assert "example" not in "".join(hit.passage for hit in by_user.hits)
    await masked.aclose()


async def test_earlier_versions_are_redacted(masked: MaskedSource, mask: Mask) -> None:
    versions = await masked.versions(mask.hide(ADA))
    assert versions
    assert not [version for version in versions if "example" in f"{version.raw!r} {version.id}"]
    await masked.aclose()


async def test_problems_are_those_of_the_thread(masked: MaskedSource, mask: Mask) -> None:
    assert len(await masked.problems([mask.hide(ADA)], 1_790_000_000)) == 1
    assert (await masked.copy_state(mask.hide(ADA))) is not None
    await masked.aclose()


def test_what_is_shown_alike_cannot_be_named(mask: Mask) -> None:
    shown = mask.hide(ADA)
    assert mask.real(shown) == ADA
    assert mask.hide(ADA.upper()) == shown
    with pytest.raises(InvalidArgumentError, match="turn the mask off"):
        mask.real(shown)


class Failing(MemorySource):
    """A source that quotes what was sent."""

    deleted: str = ""

    async def list_threads(self, query: ListQuery) -> Page:
        raise BadRequestError(f"no user {query.user}", status=400, detail=f"what is {query.user}?")

    async def delete_thread(self, thread_id: str) -> Deletion:
        self.deleted = thread_id
        return Deletion()

    async def get_thread(self, thread_id: str, *, background: bool = False) -> RawRow:
        raise NotImplementedError


async def test_errors_are_redacted(mask: Mask) -> None:
    with pytest.raises(BadRequestError) as caught:
        await MaskedSource(Failing(), mask).list_threads(ListQuery(user=ADA))
    assert ADA not in f"{caught.value} {caught.value.message} {caught.value.detail}"


async def test_only_a_thread_whose_id_is_shown_is_deleted(mask: Mask) -> None:
    source = Failing()
    await MaskedSource(source, mask).delete_thread("cthr_1")
    assert source.deleted == "cthr_1"
    with pytest.raises(InvalidArgumentError, match="turn the mask off"):
        await MaskedSource(source, mask).delete_thread(mask.hide(ADA))
    assert source.deleted == "cthr_1"


def test_sessions_are_not_offered(mask: Mask) -> None:
    assert MaskedSource(MemorySource(), mask).capabilities == MemorySource.capabilities
    assert Capability.SESSIONS not in MaskedSource(MemorySource(), mask).capabilities
