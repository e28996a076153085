"""Everyday questions: appointments, deliveries at home, the odd joke."""

from __future__ import annotations

from chatkit_tui.emulator.stories.people import INES, MIRA, NOA, OMAR, TOBIAS, YUMI
from chatkit_tui.emulator.stories.telling import (
    DAY,
    HOUR,
    MINUTE,
    Story,
    assistant,
    call,
    closed,
    group,
    image,
    locked,
    task,
    thought,
    user,
)

HOUSEHOLD_STORIES = (
    Story(
        title="Which boiler part is this?",
        user=TOBIAS,
        ago=11 * HOUR,
        steps=(
            user(attached=(image("boiler part.jpg", "image/jpeg"),), gap=0),
            assistant(
                "That is a **diverter valve**, probably of a *Thermo 24* from before 2012. The "
                "number is on the brass side: can you read it?"
            ),
            user("0020132682", gap=4 * MINUTE),
            call("find_part", {"number": "0020132682"}, {"price": "84.90", "stock": 3, "days": 2}),
            assistant(
                "€84.90, three in stock, with you on Saturday. Have it fitted by someone who is "
                "allowed to work on gas.",
                sources=("thermo-24-parts.pdf",),
            ),
        ),
    ),
    Story(
        title="תור לרופא שיניים",
        user=NOA,
        ago=2 * DAY + 9 * HOUR,
        status=closed("נקבע תור"),
        steps=(
            user("אפשר תור לד״ר לוי השבוע? כואבת לי שן 😖", gap=0),
            call(
                "free_slots", {"doctor": "לוי", "week": "2026-11"}, {"slots": ["2026-03-12T16:20"]}
            ),
            assistant(
                "יש תור אחד: **יום חמישי, 12 במרץ, 16:20**.\n\n- הגיעי עשר דקות לפני\n"
                "- הביאי כרטיס `קופת חולים`\n- אל תיקחי אספירין לפני הטיפול"
            ),
            user("מעולה, קחי לי אותו.", gap=35),
            task("התור נקבע", "ד״ר לוי, יום ה׳ 16:20, חדר 3"),
        ),
    ),
    Story(
        title="Grandma's birthday: 90 candles, 14 guests, one vegan",
        user=INES,
        ago=5 * DAY + 12 * HOUR,
        status=closed("Booked"),
        steps=(
            user("Table for 14 on Sunday, one vegan, one with a wheelchair. 🎂👵🏼🎉", gap=0),
            group(
                ("custom", "Asked four restaurants", "two free on Sunday"),
                ("custom", "Checked the doors", "La Huerta: 92 cm, no step"),
                ("thought", None, None),
            ),
            assistant(
                "**La Huerta**, Sunday 14:00, a round table for 14, no step at the door and a "
                "vegan menu. They bring the cake if you bring the candles 🕯️ × 90.\n\n"
                "👨‍👩‍👧‍👦 + 👵🏼 = ❤️"
            ),
            user("¡Reservado! 🇪🇸👏🏽👏🏽👏🏽", gap=3 * MINUTE),
        ),
    ),
    Story(
        title="ゴミの分別について",
        user=YUMI,
        ago=23 * DAY + 2 * HOUR,
        status=closed(),
        steps=(
            user("壊れた傘は何ゴミですか？", gap=0),
            assistant("「**金属・陶器**」です。第2・第4水曜日の朝8時までに出してください。☔"),
        ),
    ),
    Story(
        title="Solar panels: worth it on a north roof?",
        user=MIRA,
        ago=24 * DAY + 3 * HOUR,
        status=locked(),
        steps=(
            user(
                "North-facing roof, 30°, Hamburg. Does solar make any sense?",
                model="gpt-5-mini",
                gap=0,
            ),
            call(
                "yield_estimate",
                {"lat": 53.55, "tilt": 30, "azimuth": 0, "kwp": 8},
                {"kwh_per_year": 5100, "south_would_be": 7900},
            ),
            thought("Rule of thumb", "65 % of a south roof; at today's prices it still pays back."),
            assistant(
                "Yes, if not as much: about **5,100 kWh** a year against 7,900 on a south roof.\n\n"
                "1. *Cost*: €9,600\n2. *Saved*: €820 a year\n3. *Paid back*: in 12 years\n\n"
                "| Year | Balance |\n|--:|--:|\n| 5 | −€5,500 |\n| 10 | −€1,400 |\n"
                "| 15 | +€2,700 |\n| 20 | +€6,800 |\n"
            ),
        ),
    ),
    Story(
        title="दवा की डिलीवरी कब आएगी?",
        user=OMAR,
        ago=2 * DAY + 14 * HOUR,
        steps=(
            user("माँ की दवा का ऑर्डर 77310 आज आना था। अभी तक नहीं आया।", gap=0),
            call("find_shipment", {"order": "77310"}, {"state": "out_for_delivery", "stops": 4}),
            assistant(
                "दवा आज ही आएगी: डिलीवरी वाला **चार पते दूर** है, लगभग *25 मिनट*।\n\n"
                "अगर दवा बहुत ज़रूरी है तो पास की दुकान से एक पत्ता अभी मिल सकता है।"
            ),
            user("आ गई, शुक्रिया।", gap=31 * MINUTE),
        ),
    ),
)
