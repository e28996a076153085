"""Find the tables of conversations by their content, or by the names that the user gives.

Nearly every store keeps the JSON of an item in one column, beside its id, its thread and its time.
The columns are recognized by the JSON; their names decide only where it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from chatkit_tui.errors import DatabaseError
from chatkit_tui.sources.database.dialect import Column, Dialect, Table, Value
from chatkit_tui.sources.database.layout import Layout, Member, RowTable, Tables
from chatkit_tui.sources.database.rows import text_of
from chatkit_tui.sources.database.samples import Sample, is_item, is_item_type, is_thread

_JSON_NAMES: Final = (
    *("item_json", "data", "payload", "json", "item", "content", "body", "raw", "value", "doc"),
    *("thread_json", "thread", "document", "json_data", "item_data", "thread_data"),
)
_TIME_NAMES: Final = (
    *("created_at", "createdat", "created", "created_on", "created_ts", "created_time"),
    *("creation_time", "date_created", "inserted_at", "timestamp", "ts", "time"),
)
_PLACE_NAMES: Final = ("position", "seq", "sequence", "sequence_number", "ordinal", "item_index")
_OWNER_NAMES: Final = (
    *("user_id", "owner_id", "owner", "user", "userid", "ownerid", "user_name", "username"),
    *("user_key", "user_email", "email", "customer_id", "account_id", "created_by", "subject"),
)
_THREAD_WORDS: Final = ("thread", "conversation", "chat", "session", "parent")
_NAMES_OF: Final = {
    "title": ("title", "name", "subject", "label", "thread_title"),
    "status": ("status", "state", "thread_status"),
    "metadata": ("metadata", "meta", "metadata_json", "thread_metadata", "meta_data"),
    "type": ("type", "item_type", "kind"),
}
_MOST_LINKS: Final = 8
"""Threads of sampled items that are looked up."""


class _Items(NamedTuple):
    """The table that holds the items."""

    sample: Sample
    """Its rows that are items, as far as that can be determined."""
    whole: Sample
    json: Column | None
    thread: Column | None
    """The column that names the thread; None if only the JSON does."""


def find_layout(database: Dialect, named: Tables) -> Layout:
    """Return the tables and columns of the conversations. Raise `DatabaseError` without any."""
    tables = database.tables()
    wanted = [name.lower() for name in (named.threads, named.items) if name]
    samples = [
        Sample(table, database.samples(table))
        for table in tables
        if not table.is_view or table.name.lower() in wanted  # a view may take long
    ]
    return _Detection(database, named, samples).layout()


class _Detection:
    def __init__(self, database: Dialect, named: Tables, samples: Sequence[Sample]) -> None:
        self._database = database
        self._named = named
        self._samples = samples

    def layout(self) -> Layout:
        items = self._find_items()
        threads, link = self._find_threads(items)
        owner = self._owner(threads)
        thread_rows, item_rows = self._separate(items, threads)
        threads_table = self._thread_table(threads, thread_rows, items, link, owner)
        return Layout(
            threads=threads_table,
            items=self._item_table(items, item_rows),
            link=self._quoted(link) if link else threads_table.id,
            thread=self._quoted(items.thread) if items.thread else self._member(items, "thread_id"),
            owner=self._quoted(owner) if owner else None,
            is_guess=not items.sample.size,
        )

    # -- items -------------------------------------------------------------------------------------

    def _find_items(self) -> _Items:
        samples = self._candidates(self._named.items)
        named = self._named.item_json
        best: tuple[float, Sample, Column | None, set[int]] | None = None
        for sample in samples:
            for column in sample.table.columns:
                if named is not None and column.name.lower() != named.lower():
                    continue
                found = sample.matching(column, is_item)
                # Where two columns or tables have items, one may be a copy of the other.
                score = len(found) / sample.size if found else 0
                if found and (best is None or score > best[0]):
                    best = score, sample, column, found
        if best is None:
            best = self._items_by_names(samples)
        _, sample, json, numbers = best
        part = sample.part(numbers)
        return _Items(part, sample, json, self._thread_column(part, json))

    def _items_by_names(
        self, samples: Sequence[Sample]
    ) -> tuple[float, Sample, Column | None, set[int]]:
        """Return a table whose items are in columns, or that is empty or broken."""
        for sample in samples:
            kind = _first(sample, _NAMES_OF["type"])
            if kind and self._thread_column(sample, None):
                types = sample.texts(kind)
                numbers = {number for number, name in enumerate(types) if is_item_type(name)}
                if numbers:
                    return 0, sample, None, numbers
        for sample in samples:
            is_named = self._named.items is not None
            if is_named:
                json = self._named_column(sample, self._named.item_json)
            else:
                json = sample.table.column(self._named.item_json or "")
            json = json or _first(sample, _JSON_NAMES)
            if json and self._thread_column(sample, json) and (is_named or not sample.size):
                return 0, sample, json, set(range(sample.size))
        raise self._not_found("items")

    def _thread_column(self, sample: Sample, json: Column | None) -> Column | None:
        if json and (column := next(sample.equal_to(json, "thread_id"), None)):
            return column
        for word in _THREAD_WORDS:
            for column in sample.table.columns:
                if column != json and word in column.name.lower() and not column.is_unique:
                    return column
        return None

    def _item_table(self, items: _Items, condition: _Condition) -> RowTable:
        table, json = items.sample.table, items.json
        place = _first(items.sample, _PLACE_NAMES)
        time = place or self._time(items.sample, json)
        id_sql = self._id(items.sample, json)
        members = [Member("id", id_sql), *self._time_member(items.sample, json)]
        if json is None:
            taken = {"id", "created_at"}
            members += self._other_members(items.sample, taken, {})
        elif kind := _first(items.sample, _NAMES_OF["type"]):
            members.append(Member("type", self._database.value(kind)))
        return self._row_table(table, id_sql, json, members, time, condition)

    # -- threads -----------------------------------------------------------------------------------

    def _find_threads(self, items: _Items) -> tuple[Sample, Column | None]:
        """Return the table of the threads, and its column that the items name."""
        references = self._references(items)
        best: tuple[int, Sample, Column | None] | None = None
        for sample in self._candidates(self._named.threads):
            json = _thread_json(sample)
            if sample.table == items.sample.table and json is None:
                continue
            link = self._link(sample, json, references)
            if references and link is None and (json is None or not _has_id_column(sample, json)):
                continue
            score = 4 * (json is not None) + 2 * (link is not None) + _named_like_threads(sample)
            if score >= 2 and (best is None or score > best[0]):
                best = score, sample, link
        if best is None:
            raise self._not_found("threads")
        return best[1], best[2]

    def _references(self, items: _Items) -> list[Value]:
        """Return the threads that some items name, in the column or in the JSON."""
        if items.thread:
            values: Iterable[Value] = items.sample.values(items.thread)
        elif items.json:
            objects = items.sample.objects(items.json)
            values = [text_of((value or {}).get("thread_id")) or None for value in objects]
        else:
            values = ()
        known: dict[Value, None] = dict.fromkeys(value for value in values if value is not None)
        return list(known)[:_MOST_LINKS]

    def _link(
        self, sample: Sample, json: Column | None, references: Sequence[Value]
    ) -> Column | None:
        """Return the column that has the threads which the items name."""
        columns = list(sample.equal_to(json, "id")) if json else []
        names = ("id", "thread_id", "uid", "uuid", "key", "pk", "thread_key", "external_id")
        columns += [column for column in sample.table.columns if column.is_unique]
        columns += [column for name in names if (column := sample.table.column(name))]
        columns = list(dict.fromkeys(columns))
        if not references:
            return columns[0] if columns else None
        return next(
            (column for column in columns if self._has_any(sample, column, references)), None
        )

    def _has_any(self, sample: Sample, column: Column, references: Sequence[Value]) -> bool:
        references = [value for value in references if self._database.fits(column, value)]
        if not references:
            return False
        marks = ", ".join("?" * len(references))
        statement = (
            f"SELECT 1 FROM {sample.table.sql} WHERE {self._quoted(column)} IN ({marks}) LIMIT 1"
        )
        return bool(list(self._database.rows(statement, references)))

    def _thread_table(
        self,
        sample: Sample,
        condition: _Condition,
        items: _Items,
        link: Column | None,
        owner: Column | None,
    ) -> RowTable:
        json = _thread_json(sample)
        if json:
            sample = sample.part(sample.matching(json, is_thread))
            id_sql = self._id(sample, json)
        else:
            public = self._public_id(sample, items, link)
            id_sql = self._quoted(public) if public else self._id(sample, None)
        time = self._time(sample, json)
        members = [Member("id", id_sql), *self._time_member(sample, json)]
        columns = {"user": owner} if owner else {}
        for name in ("title", "status", "metadata"):
            if column := _first(sample, _NAMES_OF[name]):
                columns[name] = column
        members += [Member(name, self._database.value(column)) for name, column in columns.items()]
        if json is None:
            taken = {member.name for member in members}
            members += self._other_members(sample, taken, columns)
        return self._row_table(sample.table, id_sql, json, members, time, condition)

    def _row_table(
        self,
        table: Table,
        id_sql: str,
        json: Column | None,
        members: Iterable[Member],
        time: Column | None,
        condition: _Condition,
    ) -> RowTable:
        return RowTable(
            table=table.sql,
            key=table.key or id_sql,
            id=id_sql,
            json=self._database.json(json) if json else None,
            members=tuple(members),
            time=self._quoted(time) if time else None,
            is_timed=time is not None and time.is_required,
            condition=condition.sql,
            values=condition.values,
        )

    def _public_id(self, sample: Sample, items: _Items, link: Column | None) -> Column | None:
        """Return the column with the ids of threads in the JSON of items, if the link is not it."""
        if items.json is None:
            return link
        objects = items.sample.objects(items.json)
        ids = [text_of((value or {}).get("thread_id")) for value in objects]
        named = list(dict.fromkeys(filter(None, ids)))[:_MOST_LINKS]
        columns = [link] if link else []
        columns += [each for each in sample.table.columns if each.is_unique and each != link]
        return next(
            (column for column in columns if named and self._has_any(sample, column, named)), link
        )

    def _owner(self, threads: Sample) -> Column | None:
        named = self._named_column(threads, self._named.owner)
        return named or _first(threads, _OWNER_NAMES)

    # -- one table for both ------------------------------------------------------------------------

    def _separate(self, items: _Items, threads: Sample) -> tuple[_Condition, _Condition]:
        """Return what separates threads from items, and items from threads, in one table."""
        if items.whole.table != threads.table or items.json is None:
            return _Condition(), _Condition()
        whole, json = items.whole, items.json
        thread_numbers = whole.matching(json, is_thread)
        item_numbers = whole.matching(json, is_item)
        others = set(range(whole.size)) - item_numbers
        for column in self._kinds_first(whole):
            texts = whole.texts(column)
            kinds = {texts[number] for number in thread_numbers}
            not_items = {texts[number] for number in others} - {
                texts[number] for number in item_numbers
            }
            if not kinds or "" in kinds or not kinds <= not_items or len(kinds) > 3:
                continue
            sql = self._quoted(column)
            marks = ", ".join("?" * len(kinds))
            outside = ", ".join("?" * len(not_items - {""}))
            return (
                _Condition(f"{sql} IN ({marks})", tuple(sorted(kinds))),
                _Condition(
                    f"({sql} IS NULL OR {sql} NOT IN ({outside}))", tuple(sorted(not_items - {""}))
                ),
            )
        if items.thread:
            sql = self._quoted(items.thread)
            return _Condition(f"{sql} IS NULL"), _Condition()
        raise self._not_found("threads")

    def _kinds_first(self, sample: Sample) -> list[Column]:
        def by_name(column: Column) -> bool:
            return not any(word in column.name.lower() for word in ("kind", "type", "entity"))

        return sorted(
            (column for column in sample.table.columns if not column.is_unique), key=by_name
        )

    # -- columns -----------------------------------------------------------------------------------

    def _id(self, sample: Sample, json: Column | None) -> str:
        """Return the expression for the id of a row."""
        if json and any(sample.objects(json)):
            columns = list(sample.equal_to(json, "id"))
            if columns:
                return self._quoted(
                    next((column for column in columns if column.is_unique), columns[0])
                )
            return self._database.member(json, "id")
        names = ("id", "item_id", "thread_id", "uid", "uuid", "key", "pk")
        column = _first(sample, names) or sample.table.columns[0]
        return self._quoted(column)

    def _time(self, sample: Sample, json: Column | None) -> Column | None:
        if column := _first(sample, _TIME_NAMES):
            return column
        return next(sample.equal_to(json, "created_at"), None) if json else None

    def _time_member(self, sample: Sample, json: Column | None) -> list[Member]:
        column = self._time(sample, json)
        return [Member("created_at", self._database.value(column))] if column else []

    def _other_members(
        self, sample: Sample, taken: set[str], used: dict[str, Column]
    ) -> list[Member]:
        """Return the columns that have no member yet, under their own names."""
        time = self._time(sample, None)
        return [
            Member(column.name, self._database.value(column))
            for column in sample.table.columns
            if column.name not in taken and column not in used.values() and column != time
        ]

    def _member(self, items: _Items, name: str) -> str:
        if items.json is None:
            raise self._not_found("items")
        return self._database.member(items.json, name)

    def _quoted(self, column: Column) -> str:
        return self._database.quoted(column.name)

    # -- names of the user -------------------------------------------------------------------------

    def _candidates(self, name: str | None) -> Sequence[Sample]:
        """Return the table of a name, or all tables. Raise `DatabaseError` without it."""
        if name is None:
            return [sample for sample in self._samples if not sample.table.is_view]
        found = [each for each in self._samples if each.table.name.lower() == name.lower()]
        if not found:
            raise DatabaseError(
                f"{self._database.name} has no table {name}; it has {self._table_names()}."
            )
        return found

    def _named_column(self, sample: Sample, name: str | None) -> Column | None:
        if name is None:
            return None
        column = sample.table.column(name)
        if column is None:
            names = ", ".join(each.name for each in sample.table.columns)
            raise DatabaseError(
                f"The table {sample.table.name} of {self._database.name} has no column {name};"
                f" it has {names}."
            )
        return column

    def _table_names(self) -> str:
        names = [sample.table.name for sample in self._samples]
        more = ", …" if len(names) > 12 else ""
        return ", ".join(names[:12]) + more if names else "no tables"

    def _not_found(self, what: str) -> DatabaseError:
        return DatabaseError(
            f"No ChatKit {what} are recognized in {self._database.name}, which has"
            f" {self._table_names()}. Name the tables in a profile: threads, items, item_json."
        )


class _Condition(NamedTuple):
    sql: str = ""
    values: tuple[Value, ...] = ()


def _first(sample: Sample, names: Iterable[str]) -> Column | None:
    """Return the first column with one of some names."""
    return next((column for name in names if (column := sample.table.column(name))), None)


def _thread_json(sample: Sample) -> Column | None:
    """Return the column that has the most threads as JSON."""
    counts = {column: len(sample.matching(column, is_thread)) for column in sample.table.columns}
    best = max(counts, key=lambda column: counts[column], default=None)
    if best is not None and counts[best]:
        return best
    return None


def _has_id_column(sample: Sample, json: Column) -> bool:
    return next(sample.equal_to(json, "id"), None) is not None


def _named_like_threads(sample: Sample) -> int:
    """Return how much the names of a table and its columns are those of threads."""
    name = sample.table.name.lower()
    is_named = any(word in name for word in _THREAD_WORDS[:2])
    is_titled = _first(sample, _NAMES_OF["title"]) is not None
    is_timed = _first(sample, _TIME_NAMES) is not None
    return 2 * is_named + is_titled + is_timed
