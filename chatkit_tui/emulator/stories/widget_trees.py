"""The cards and lists that the stories show."""

from __future__ import annotations

from chatkit_tui.emulator.stories.telling import JSON


def order_card() -> dict[str, JSON]:
    """An order with a bar that shows how far it is."""
    return {
        "type": "Card",
        "size": "md",
        "status": {"text": "Inquiry open", "icon": "cube"},
        "children": [
            {
                "type": "Row",
                "justify": "between",
                "children": [
                    {"type": "Title", "value": "Order 61940", "size": "md"},
                    {"type": "Badge", "label": "Delivered?", "color": "warning"},
                ],
            },
            {"type": "Divider"},
            {
                "type": "Row",
                "gap": 3,
                "children": [
                    {
                        "type": "Image",
                        "src": "https://shop.example.com/images/hammock-blue.jpg",
                        "alt": "Blue cotton hammock between two trees",
                        "size": 64,
                    },
                    {
                        "type": "Col",
                        "children": [
                            {"type": "Text", "value": "Cotton hammock, blue", "weight": "semibold"},
                            {"type": "Caption", "value": "1 × €74.50 · DHL 00340434161094021501"},
                        ],
                    },
                ],
            },
            {
                "type": "Box",
                "background": "alpha-10",
                "radius": "full",
                "height": 6,
                "children": [
                    {"type": "Box", "background": "blue-500", "width": "90%", "height": 6}
                ],
            },
            {
                "type": "Row",
                "justify": "between",
                "children": [
                    {"type": "Caption", "value": "Ordered 5 March"},
                    {"type": "Caption", "value": "Handed over 11 March, 11:42"},
                ],
            },
        ],
        "confirm": {
            "label": "Send again",
            "action": {"type": "order.resend", "payload": {"order": "61940", "reason": "lost"}},
        },
        "cancel": {
            "label": "I found it",
            "action": {"type": "inquiry.close", "payload": {"order": "61940"}},
        },
    }


def flight_picker() -> dict[str, JSON]:
    """Three ways home after a cancelled flight."""

    def flight(number: str, leaves: str, arrives: str, note: str, seats: int) -> dict[str, JSON]:
        return {
            "type": "ListViewItem",
            "gap": 3,
            "onClickAction": {
                "type": "flight.choose",
                "payload": {"flight": number, "date": "2026-03-12", "fare_difference": "0.00"},
            },
            "children": [
                {"type": "Icon", "name": "globe", "color": "blue"},
                {
                    "type": "Col",
                    "flex": 1,
                    "children": [
                        {
                            "type": "Text",
                            "value": f"{number} · {leaves} → {arrives}",
                            "weight": "semibold",
                        },
                        {"type": "Caption", "value": note},
                    ],
                },
                {
                    "type": "Badge",
                    "label": f"{seats} seats",
                    "color": "success" if seats > 5 else "danger",
                },
            ],
        }

    return {
        "type": "ListView",
        "limit": "auto",
        "status": {"text": "Lisbon to Hamburg, today", "icon": "map-pin"},
        "children": [
            flight("LX 1715", "13:05 LIS", "19:40 HAM", "1 stop in Zurich, 55 min", 9),
            flight("TP 564", "15:20 LIS", "19:35 HAM", "Direct", 2),
            flight("LH 1173", "18:10 LIS", "00:15 HAM", "1 stop in Frankfurt, arrives Friday", 31),
        ],
    }


def weather_chart() -> dict[str, JSON]:
    """Five days of weather at a campsite, as bars and a line."""
    days = (("Thu", 14, 0), ("Fri", 16, 1), ("Sat", 11, 14), ("Sun", 9, 22), ("Mon", 13, 3))
    return {
        "type": "Card",
        "children": [
            {"type": "Title", "value": "Lake Bohinj", "size": "sm"},
            {
                "type": "Row",
                "align": "baseline",
                "children": [
                    {"type": "Title", "value": "14 °C", "size": "xl"},
                    {"type": "Text", "value": "Sunny, wind from the south", "color": "secondary"},
                ],
            },
            {
                "type": "Chart",
                "data": [{"day": day, "high": high, "rain": rain} for day, high, rain in days],
                "series": [
                    {"type": "line", "dataKey": "high", "label": "High, °C", "color": "orange-400"},
                    {"type": "bar", "dataKey": "rain", "label": "Rain, mm", "color": "blue-400"},
                ],
                "xAxis": {"dataKey": "day"},
                "showYAxis": True,
                "showLegend": True,
            },
            {"type": "Caption", "value": "Forecast of 12 March 2026, 06:00"},
        ],
    }


def task_list() -> dict[str, JSON]:
    """What is left to do before a shop goes live."""

    def todo(name: str, label: str, *, done: bool) -> dict[str, JSON]:
        return {
            "type": "Checkbox",
            "name": f"todo.{name}",
            "label": label,
            "defaultChecked": done,
            "onChangeAction": {"type": "todo.toggle", "payload": {"id": name}},
        }

    return {
        "type": "Card",
        "size": "sm",
        "status": {"text": "Going live · 3 of 5 done", "icon": "check-circle"},
        "children": [
            todo("domain", "Point the domain at the shop", done=True),
            todo("tax", "Enter the VAT numbers", done=True),
            todo("mail", "Send a test order to yourself", done=True),
            todo("legal", "Have the terms read by a lawyer", done=False),
            todo("open", "Take the password off the front page", done=False),
            {"type": "Divider", "flush": True},
            {
                "type": "Row",
                "justify": "end",
                "children": [
                    {
                        "type": "Button",
                        "label": "Remind me on Monday",
                        "variant": "outline",
                        "iconStart": "calendar",
                        "onClickAction": {"type": "todo.remind", "payload": {"when": "2026-03-16"}},
                    },
                    {"type": "Button", "label": "Go live", "style": "primary", "disabled": True},
                ],
            },
        ],
    }


def price_table() -> dict[str, JSON]:
    """Three plans side by side."""

    def row(*cells: str, header: bool = False) -> dict[str, JSON]:
        return {
            "type": "Table.Row",
            "header": header,
            "children": [
                {
                    "type": "Table.Cell",
                    "align": "end" if number else "start",
                    "children": {"type": "Text", "value": cell},
                }
                for number, cell in enumerate(cells)
            ],
        }

    return {
        "type": "Basic",
        "children": [
            {"type": "Label", "value": "Plans for 14 seats", "fieldName": "plan"},
            {
                "type": "Table",
                "children": [
                    row("", "Team", "Business", "Enterprise", header=True),
                    row("Per seat and month", "€9", "€15", "€24"),
                    row("Per year, 14 seats", "€1,512", "€2,520", "€4,032"),
                    row("Audit log", "–", "90 days", "unlimited"),
                    row("Single sign-on", "–", "✓", "✓"),
                ],
            },
            {"type": "Caption", "value": "Prices without VAT"},
        ],
    }
