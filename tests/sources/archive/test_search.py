"""Searches find what a scan finds, in every script, and nothing that is typed is an operator."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_tui.errors import InvalidArgumentError
from chatkit_tui.search.query import Query
from chatkit_tui.sources.archive.reader import ArchiveReader
from chatkit_tui.sources.archive.search import Searcher
from chatkit_tui.sources.archive.thread_items import Row
from chatkit_tui.sources.base import Hit, SearchQuery
from tests.sources.archive.builder import THEN, archive, message

TEXTS = {
    "en": "The refund was not delivered, order ORD-2026-0012345 is late. Don't worry",
    "de": "Die Straße ist gesperrt, die Rückerstattung für Bestellung 4711 dauert",
    "fr": "Où est ma facture ? Elle n'a pas été reçue à Orléans",
    "zh": "我要退款,订单还没有到,重跑gen-itgc后仍然失败",
    "ja": "返金はいつですか。ログインできません、パスワードを忘れました",
    "ko": "환불은 언제 되나요? 주문을 취소하고 싶습니다",
    "th": "ขอคืนเงินได้ไหม สินค้ายังไม่มาถึง",
    "ar": "أريد استرداد المبلغ، لم يصل الطلب بعدُ",
    "hi": "मुझे धनवापसी चाहिए, ऑर्डर अभी तक नहीं आया",
    "el": "Πότε θα έρθει η επιστροφή χρημάτων;",
    "ru": "Когда мне вернут деньги? Ещё не пришёл мой заказ",
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "file"
    archive(
        path,
        {
            name: [
                message(f"{name}1", text, created_at=THEN + number),
                message(f"{name}2", "something else -> 😀", created_at=THEN + number),
                Row(
                    f"{name}3",
                    f'{{"id": "{name}3", "type": "chatkit.client_tool_call", "name": "lookup",'
                    f' "arguments": "{{\\"order_id\\": {number}}}", "created_at": {THEN}}}',
                ),
            ]
            for number, (name, text) in enumerate(TEXTS.items())
        },
    )
    return path


@pytest.fixture(scope="module")
def searcher(path: Path) -> Iterator[Searcher]:
    reader = ArchiveReader(path)
    yield reader.searcher
    reader.close()


def found(searcher: Searcher, query: str, **filters: object) -> set[str]:
    hits = searcher.search(SearchQuery(query, limit=100, **filters))  # type: ignore[arg-type]
    return {hit.item_id or hit.thread_id for hit in hits}


@pytest.mark.parametrize(
    ("query", "items"),
    [
        ("refund", {"en1"}),
        ("REFUND delivered", {"en1"}),
        ("refund -delivered", set()),
        ('"not delivered"', {"en1"}),
        ('"delivered not"', set()),
        ("deliv*", {"en1"}),
        ("ORD-2026-0012345", {"en1"}),
        ("2026", {"en1"}),
        ("don't", {"en1"}),
        ("χρηματων", {"el1"}),
        ("ΠΟΤΕ έρθει", {"el1"}),
        ("еще пришел", {"ru1"}),
        ("МОЙ заказ", {"ru1"}),
        ("strasse", {"de1"}),
        ("rückerstattung", {"de1"}),
        ("orleans", {"fr1"}),
        ("退款", {"zh1"}),
        ("退", {"zh1"}),
        ("败", {"zh1"}),
        ("重跑gen-itgc后", {"zh1"}),
        ("gen-itgc", {"zh1"}),
        ("返金", {"ja1"}),
        ("パスワード", {"ja1"}),
        ("환불", {"ko1"}),
        ("คืนเงิน", {"th1"}),
        ("استرداد", {"ar1"}),
        ("اريد", {"ar1"}),
        ("بعد", {"ar1"}),
        ("धनवापसी", {"hi1"}),
        ("ΕΠΙΣΤΡΟΦΉ", {"el1"}),
        ("order_id", {f"{name}3" for name in TEXTS}),
        ("nothing-like-this", set()),
        ("zh1", set()),
    ],
)
def test_a_query_finds_what_it_names(searcher: Searcher, query: str, items: set[str]) -> None:
    assert found(searcher, query) == items


@pytest.mark.parametrize("query", ["->", "😀"])
def test_a_term_without_letters_is_searched_without_the_index(
    searcher: Searcher, query: str
) -> None:
    assert found(searcher, query) == {f"{name}2" for name in TEXTS}


def test_filters_limit_the_hits(searcher: Searcher) -> None:
    everything = {f"{name}2" for name in TEXTS}
    assert found(searcher, "something") == everything
    assert found(searcher, "something", user="ada") == everything
    assert found(searcher, "something", user="bob") == set()
    assert found(searcher, "lookup", kind="tool") == {f"{name}3" for name in TEXTS}
    assert found(searcher, "lookup", kind="user") == set()
    assert found(searcher, "something", thread_id="fr") == {"fr2"}
    assert found(searcher, "something", since=THEN + 8) == {"hi2", "el2", "ru2"}
    assert found(searcher, "something", until=THEN + 1) == {"en2"}


def test_a_thread_is_found_by_its_title(searcher: Searcher) -> None:
    (hit,) = searcher.search(SearchQuery("about ja", limit=10))
    assert (hit.thread_id, hit.item_id, hit.kind) == ("ja", None, "thread")


def test_hits_come_newest_first_and_go_on_where_they_ended(searcher: Searcher) -> None:
    first = searcher.search(SearchQuery("something", limit=4))
    rest = searcher.search(SearchQuery("something", limit=100, below=first[-1].place))
    times = [hit.created_at for hit in (*first, *rest)]
    assert times == sorted(times, key=lambda time: -(time or 0))
    assert len(times) == len(TEXTS)


def pages(searcher: Searcher, query: SearchQuery) -> list[Hit]:
    """All hits of a query, page by page."""
    hits: list[Hit] = []
    while page := searcher.search(query):
        hits += page
        assert len(hits) < 1_000
        query = query._replace(below=page[-1].place)
    return hits


def test_a_scan_goes_on_where_it_ended(searcher: Searcher) -> None:
    whole = searcher.search(SearchQuery("->", limit=100))
    assert pages(searcher, SearchQuery("->", limit=3)) == whole
    assert len(whole) == len(TEXTS)


@pytest.mark.parametrize("text", ["something", "->"])
def test_an_end_in_time_holds_on_every_page(searcher: Searcher, text: str) -> None:
    hits = pages(searcher, SearchQuery(text, until=THEN + 7, since=THEN + 2, limit=2))
    times = [hit.created_at for hit in hits]
    assert sorted(time or 0 for time in times) == [THEN + second for second in range(2, 7)]
    (newest,) = searcher.search(SearchQuery(text, limit=1))
    if text == "something":  # a scan counts its hits, so a place is of one query
        again = searcher.search(SearchQuery(text, until=THEN + 7, below=newest.place))
        assert again[0] == hits[0]


def test_the_order_of_relevance_prefers_the_shorter_text(tmp_path: Path) -> None:
    long = message("long", "needle " + "hay " * 200, created_at=THEN + 9)
    archive(tmp_path / "file", {"a": [message("short", "a needle"), long]})
    reader = ArchiveReader(tmp_path / "file")
    newest = reader.searcher.search(SearchQuery("needle", limit=10))
    best = reader.searcher.search(SearchQuery("needle", limit=10, order="relevance"))
    reader.close()
    assert [hit.item_id for hit in newest] == ["long", "short"]
    assert [hit.item_id for hit in best] == ["short", "long"]


def test_an_id_is_found_by_its_beginning(tmp_path: Path) -> None:
    archive(tmp_path / "file", {"cthr_0123456789": [message("cti_abcdefghij", "hello")]})
    reader = ArchiveReader(tmp_path / "file")
    assert found(reader.searcher, "cti_abcd") == {"cti_abcdefghij"}
    assert found(reader.searcher, "cthr_012") == {"cthr_0123456789"}
    reader.close()


def test_a_thread_and_an_item_are_found_once_by_their_whole_id(tmp_path: Path) -> None:
    about = "a cthr_0123456789 and cti_abcdefghij"
    archive(
        tmp_path / "file",
        {"cthr_0123456789": [message("cti_abcdefghij", about), message("other", about)]},
    )
    with ArchiveReader(tmp_path / "file") as reader:
        for text, count in (("cthr_0123456789", 3), ("cti_abcdefghij", 2), ("cthr_012", 1)):
            pages = []
            query = SearchQuery(text, limit=1)
            while page := reader.searcher.search(query):
                pages += page
                query = query._replace(below=page[-1].place)
            assert len(pages) == len({hit[1:3] for hit in pages}) == count
            assert (pages[0].item_id or pages[0].thread_id).startswith(text)
            assert reader.searcher.search(query._replace(limit=9, below=None)) == pages


def test_a_passage_marks_the_matches(searcher: Searcher) -> None:
    (hit,) = searcher.search(SearchQuery("strasse gesperrt", limit=10))
    assert [hit.passage[start:end] for start, end in hit.matches] == ["Straße", "gesperrt"]


def test_a_passage_marks_parts_of_a_name_with_underscores(searcher: Searcher) -> None:
    hits = searcher.search(SearchQuery("order id", kind="tool", limit=1))
    assert [hits[0].passage[start:end] for start, end in hits[0].matches] == ["order", "id"]
    hits = searcher.search(SearchQuery('"order id"', kind="tool", limit=1))
    assert [hits[0].passage[start:end] for start, end in hits[0].matches] == ["order_id"]


def test_a_passage_of_a_long_text_surrounds_the_first_match(tmp_path: Path) -> None:
    archive(tmp_path / "file", {"a": [message("1", "word " * 400 + "needle\n" + "word " * 400)]})
    reader = ArchiveReader(tmp_path / "file")
    (hit,) = reader.searcher.search(SearchQuery("needle", limit=10))
    reader.close()
    assert len(hit.passage) <= 160
    assert "\n" not in hit.passage
    ((start, end),) = hit.matches
    assert hit.passage[start:end] == "needle"


@pytest.mark.parametrize("query", ["", "  ", "-refund", '""', "a*", "ab* cd*"])
def test_a_query_that_would_find_everything_or_nothing_is_refused(query: str) -> None:
    with pytest.raises(InvalidArgumentError):
        Query(query)


words = st.sampled_from(
    [*(word for text in TEXTS.values() for word in text.split()), "OR", "NEAR(", "col:", "*", "^"]
)


@given(st.one_of(st.text(max_size=30), st.lists(words, max_size=4).map(" ".join)))
@settings(max_examples=150, deadline=None)
def test_whatever_is_typed_is_no_operator(searcher: Searcher, text: str) -> None:
    try:
        Query(text)
    except InvalidArgumentError:
        return
    for hit in searcher.search(SearchQuery(text, limit=20)):
        assert_sound(hit)


@pytest.mark.parametrize(
    ("text", "query", "is_found"),
    [
        ("मुझे", "मुझ", False),  # without its vowel sign it is another word
        ("मुझे", "मुझ*", True),
        ("ですか。ログ", "か。ロ", True),
        ("か。ログ", "か。ロ", True),
        ("x か。ログ", "x か。ロ", True),
        ("ですか。ログ", "で。ロ", False),
    ],
)
def test_the_index_and_a_scan_agree_on_parts_of_words(
    tmp_path: Path, text: str, query: str, *, is_found: bool
) -> None:
    archive(tmp_path / "file", {"a": [message("1", text)]})
    with ArchiveReader(tmp_path / "file") as reader:
        assert bool(reader.searcher.search(SearchQuery(query, kind="user"))) is is_found
    assert Query(query).matches(text) is is_found


terms = st.builds(
    lambda minus, text, form: f"{minus}{form.format(text)}",
    st.sampled_from(["", "", "", "-"]),
    st.one_of(
        words,
        st.sampled_from(sorted(TEXTS)).flatmap(
            lambda name: st.integers(0, len(TEXTS[name]) - 2).map(
                lambda at: TEXTS[name][at : at + 3].strip()
            )
        ),
    ),
    st.sampled_from(["{}", "{}", "{}*", '"{}"', '"{} {}', "{}-"]).map(
        lambda form: form.replace("{} {}", "{0} {0}")
    ),
)


@given(st.lists(terms, min_size=1, max_size=3).map(" ".join))
@settings(max_examples=100, deadline=None)
def test_any_query_finds_what_a_scan_finds(searcher: Searcher, text: str) -> None:
    """In all languages, with phrases, exclusions and beginnings of words."""
    try:
        query = Query(text)
    except InvalidArgumentError:
        return
    expected = {f"{name}1" for name, content in TEXTS.items() if query.matches(content)}
    hits = searcher.search(SearchQuery(text, kind="user", limit=100))
    assert {hit.item_id for hit in hits if hit.item_id and hit.item_id[-1] == "1"} == expected


def assert_sound(hit: Hit) -> None:
    last = 0
    for start, end in hit.matches:
        assert last <= start < end <= len(hit.passage)
        last = end


@pytest.mark.slow
def test_the_index_finds_what_a_scan_finds(tmp_path: Path) -> None:
    """Parts of words of unspaced scripts, and whole words of the others."""
    pick = random.Random(7)  # noqa: S311 - no secret
    everything = [word for text in TEXTS.values() for word in text.split()]
    texts = {f"item{number}": " ".join(pick.choices(everything, k=8)) for number in range(200)}
    archive(tmp_path / "file", {"a": [message(name, text) for name, text in texts.items()]})
    reader = ArchiveReader(tmp_path / "file")
    queries = [word for word in everything if any(letter.isalnum() for letter in word)]
    for name in ("zh", "ja", "th", "ko"):
        text = "".join(
            letter for letter in TEXTS[name] if letter.isalpha() and not letter.isascii()
        )
        queries += [text[at : at + 2] for at in range(0, len(text) - 2, 3)]
    for word in queries:
        query = Query(word.lstrip("-"))
        hits = reader.searcher.search(SearchQuery(query.text, kind="user", limit=300))
        expected = {name for name, text in texts.items() if query.matches(text)}
        assert {hit.item_id for hit in hits} == expected, word
    reader.close()


@pytest.mark.parametrize("text", ["\u0301", "\u0301\0", "\udc80", "caf\udc80 x", '"\u0301 \udcff'])
def test_marks_alone_and_half_characters_are_searched_without_error(text: str) -> None:
    query = Query(text)
    assert not query.matches("plain")
    assert query.spans("plain") == query.spans("") == []


def test_a_query_that_fts5_would_refuse_is_refused_in_one_line() -> None:
    with pytest.raises(InvalidArgumentError, match="at most 100 words"):
        Query("a " + " ".join(f"-b{number}" for number in range(300)))


def test_a_phrase_is_found_behind_a_place_where_it_begins_within_a_word() -> None:
    assert Query('"a a"').spans("xa a a") == [(3, 6)]


@pytest.mark.parametrize("value", ["abc", 9e18, b"\xff"])
def test_values_that_another_program_wrote_are_no_user_and_no_time(
    tmp_path: Path, value: object
) -> None:
    archive(tmp_path / "file", {"a": [message("1")]})
    connection = sqlite3.connect(tmp_path / "file")
    connection.execute("UPDATE thread SET created_at = ?, user = x'ff'", (value,))
    connection.commit()
    connection.close()
    with ArchiveReader(tmp_path / "file") as reader:
        (hit,) = reader.searcher.search(SearchQuery("About", limit=5))
    assert (hit.user, hit.created_at) == (None, None)


def test_ids_that_another_program_wrote_are_text_in_hits(tmp_path: Path) -> None:
    archive(tmp_path / "file", {"a": [message("1", created_at=None)]})
    connection = sqlite3.connect(tmp_path / "file")
    connection.executescript("UPDATE thread SET id = x'ff'; UPDATE item SET id = x'ff'")
    connection.close()
    with ArchiveReader(tmp_path / "file") as reader:
        (hit,) = reader.search(SearchQuery("hello"))
    assert (hit.thread_id, hit.item_id) == ("b'\\xff'", "b'\\xff'")
