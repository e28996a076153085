"""Chart: the figures behind it, as a table."""

from __future__ import annotations

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.models.wire import JSON
from chatkit_tui.render.blocks import Table
from chatkit_tui.render.lines import Style
from chatkit_tui.render.spans import foreign, words
from chatkit_tui.render.widgets.box import Box
from chatkit_tui.render.widgets.props import list_of, noted, object_of
from chatkit_tui.render.widgets.walk import Walk, component
from chatkit_tui.render.widgets.wording import Flowing


@component("Chart")
def chart(node: WidgetNode, walk: Walk) -> Box | None:
    """One row for each point along the axis, one column for each series."""
    points = [object_of(point) for point in list_of(node.props.get("data"))]
    axis = node.props.get("xAxis")
    key = axis if isinstance(axis, str) else words(object_of(axis).get("dataKey"))
    labels = object_of(object_of(axis).get("labels"))
    columns = _columns(node.props.get("series"), points, key)
    if not points or not columns:
        return noted(None, node, walk)
    heads = ((key, ""), *columns) if key else columns
    rows = [tuple((foreign(label or name, Style(bold=True)),) for name, label in heads)]
    for point in points:
        first = words(point.get(key))
        cells = [(foreign(words(labels.get(first)) or first),)] if key else []
        cells += [(foreign(words(point.get(name))),) for name, _ in columns]
        rows.append(tuple(cells))
    align = ("left",) if key else ()
    table = Table(tuple(rows), align + ("right",) * len(columns))
    return noted(Flowing((table,)), node, walk)


def _columns(series: JSON, points: list[dict[str, JSON]], axis: str) -> tuple[tuple[str, str], ...]:
    """The key and the label of each series; without series, every key that the points have."""
    columns: dict[str, str] = {}
    for entry in list_of(series):
        given = object_of(entry)
        if "dataKey" not in given:  # some servers wrap a series as if it were a component
            given = object_of(given.get("value"))
        key = words(given.get("dataKey")) or (entry if isinstance(entry, str) else "")
        if key:
            columns.setdefault(key, words(given.get("label")) or key)
    if not columns:
        columns = {key: key for point in points for key in point if key != axis}
    return tuple(columns.items())
