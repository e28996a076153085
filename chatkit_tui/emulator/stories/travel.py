"""Flights, trains and rooms."""

from __future__ import annotations

from chatkit_tui.emulator.stories.people import AMELIE, INES, MIRA, NOA, OMAR, TOBIAS, YUMI
from chatkit_tui.emulator.stories.telling import (
    DAY,
    HOUR,
    MINUTE,
    Story,
    assistant,
    call,
    closed,
    document,
    group,
    image,
    locked,
    task,
    thought,
    user,
    widget,
)
from chatkit_tui.emulator.stories.widget_trees import flight_picker, weather_chart

TRAVEL_STORIES = (
    Story(
        title="Flight TP 576 cancelled, need to be home tonight",
        user=MIRA,
        ago=14 * MINUTE,
        steps=(
            user(
                "TP 576 to Hamburg has just been cancelled, I'm at the gate in Lisbon. I have to "
                "be home tonight, my sister looks after the kids only until ten.",
                attached=(image("departure board.jpg", "image/jpeg"),),
                gap=0,
            ),
            group(
                ("custom", "Found the booking", "LIS–HAM, 12 March, 1 adult, 1 checked bag"),
                ("custom", "Read the airline's notice", "Cancelled at 09:05, crew out of hours"),
                ("custom", "Searched other flights", "LX 1715, TP 564, LH 1173"),
                (
                    "thought",
                    "Which of them get there before 22:00",
                    "LX 1715 lands at 19:40 and TP 564 at 19:35. LH 1173 lands after midnight. "
                    "TP 564 is direct but has only two seats, so it may be gone in minutes.",
                ),
                gap=9,
            ),
            assistant(
                "I'm sorry, that is a bad place to hear it. Two flights get you home before ten, "
                "both **at no extra cost**, because the airline cancelled:\n\n"
                "- **TP 564**, 15:20, direct, lands 19:35, *two seats left*\n"
                "- **LX 1715**, 13:05 via Zurich, lands 19:40, nine seats left\n\n"
                "Pick one below and I'll rebook you and your bag at once.",
                sources=(
                    "https://airline.example.com/notices/tp576",
                    "https://eur-lex.europa.eu/eli/reg/2004/261/oj",
                    "https://airline.example.com/notices/tp576",
                ),
                gap=3,
            ),
            widget(flight_picker()),
            user("The direct one please!!", gap=48),
            call(
                "rebook",
                {"booking": "Q7RT2M", "flight": "TP 564", "date": "2026-03-12", "bags": 1},
                {"confirmed": True, "seat": "21C", "bag": "through to HAM"},
            ),
            assistant(
                "Done. **TP 564, seat 21C, gate 18**, boarding at 14:50. Your bag is booked "
                "through to Hamburg.\n\n### What you are owed\n\n"
                "1. Something to eat and drink, now: show this chat at the service desk\n"
                "2. **€400** under EU 261/2004, if the reason was the crew and not the weather\n"
                "   - the claim form is [here](https://airline.example.com/claims)\n"
                "   - keep the boarding passes of both flights\n\n"
                "> The airline will offer a voucher first. You may insist on money.",
                sources=("https://eur-lex.europa.eu/eli/reg/2004/261/oj", "claims-guide.pdf"),
            ),
            user("You have no idea how good that is. Thank you 😭❤️ 👩‍👧‍👦 ✈️ 🇩🇪", gap=70),
            call("fill_claim_form", {"flight": "TP 576", "amount": 400, "currency": "EUR"}),
        ),
    ),
    Story(
        title="終電を逃したので宿を探しています",
        user=YUMI,
        ago=17 * HOUR + 50 * MINUTE,
        status=closed("予約完了"),
        steps=(
            user(
                "大阪で終電を逃しました。難波駅から歩ける、今夜泊まれる宿はありますか。"
                "一人、禁煙、一万円以内でお願いします。",
                gap=0,
            ),
            call(
                "search_rooms",
                {"near": "難波駅", "guests": 1, "smoking": False, "max_price": 10000},
                {"found": 3, "cheapest": {"name": "ホテルみなみ", "price": 7800, "walk_min": 6}},
            ),
            assistant(
                "三軒見つかりました。\n\n"
                "| 宿 | 徒歩 | 料金 | 受付 |\n|---|---:|---:|---|\n"
                "| **ホテルみなみ** | 6分 | ¥7,800 | 24時間 |\n"
                "| 道頓堀イン | 9分 | ¥8,900 | 2時まで |\n"
                "| カプセル難波 | 3分 | ¥4,200 | 24時間 |\n\n"
                "受付時間を考えると、*ホテルみなみ*をおすすめします。予約しますか？",
                sources=("https://rooms.example.com/osaka/namba",),
            ),
            user("はい、ホテルみなみでお願いします。", quote="ホテルみなみ", gap=25),
            task("予約しました", "確認番号 NM-20931、23時以降のチェックイン可"),
            user("助かりました🙇‍♀️ ありがとうございます。", gap=40),
        ),
    ),
    Story(
        title="Camping am Bohinjer See: wird das Wetter halten?",
        user=TOBIAS,
        ago=2 * HOUR + 40 * MINUTE,
        steps=(
            user(
                "Wir wollen von Freitag bis Sonntag zum Zelten an den Bohinjer See. Lohnt sich "
                "das, oder regnet es durch?",
                gap=0,
            ),
            call(
                "get_forecast",
                {"place": "Bohinjsko jezero", "days": 5},
                {"provider": "ARSO", "issued": "2026-03-12T06:00:00+01:00", "days": 5},
            ),
            widget(weather_chart()),
            assistant(
                "Freitag ja, Samstag eher nicht: Ab **Samstagmittag** kommt eine Front, bis "
                "Sonntagabend fallen rund 35 mm. Nachts geht es auf 2 °C herunter.\n\n"
                "Mein Vorschlag:\n\n"
                "1. Freitag hin, eine Nacht im Zelt\n"
                "2. Samstag früh zurück oder in eine Hütte\n"
                "   - *Dom na Komni* hat noch vier Plätze\n"
                "   - Schlafsack nicht vergessen\n",
                sources=("https://meteo.example.org/bohinj",),
            ),
            user("Dann nehmen wir die Hütte. Geht das auch mit Hund?", gap=3 * MINUTE),
            assistant("Auf dieser Hütte ja, aber nur im Winterraum und nach Anmeldung."),
        ),
    ),
    Story(
        title="Remboursement d'un billet de train non échangeable",
        user=AMELIE,
        ago=3 * DAY + 4 * HOUR,
        status=closed(),
        steps=(
            user(
                "Mon TGV de mardi a eu 1 h 47 de retard. Le billet était « non échangeable, non "
                "remboursable ». J'ai quand même droit à quelque chose ?",
                attached=(document("billet-QX81LM.pdf"),),
                gap=0,
            ),
            thought(
                "Règle applicable",
                "La garantie vaut pour tous les tarifs : 25 % dès 30 min, 50 % dès 2 h.",
            ),
            assistant(
                "Oui. *Non remboursable* veut dire que **vous** ne pouvez pas annuler ; le retard, "
                "lui, donne droit à **25 %** du prix à partir de 30 minutes.\n\n"
                "Pour vous : 68,00 € × 25 % = **17,00 €**, en bon d'achat ou par virement.",
                sources=("https://trains.example.fr/garantie", "garantie-ponctualite.pdf"),
            ),
            user("Par virement, s'il vous plaît.", gap=55),
            call(
                "file_claim",
                {"ticket": "QX81LM", "delay_minutes": 107, "payout": "transfer"},
                {"claim": "G30-5581", "amount": "17.00", "days": 5},
            ),
            assistant("C'est fait, dossier `G30-5581`. Le virement arrive sous cinq jours."),
        ),
    ),
    Story(
        title="Visa letter for the Nairobi conference",
        user=OMAR,
        ago=6 * DAY + 1 * HOUR,
        status=locked("Waiting for a passport copy"),
        steps=(
            user(
                "I need an invitation letter for the visa, for me and two colleagues. The "
                "conference is 14–16 April in Nairobi.",
                gap=0,
            ),
            assistant(
                "I can write those. For each person I need:\n\n"
                "- [ ] the name as in the passport\n- [ ] the passport number and its expiry\n"
                "- [ ] the days of arrival and departure\n\n"
                "Please send copies through the *secure upload*, not as mail."
            ),
            user(
                "Mine is attached, the others will follow.",
                attached=(document("passport-omar.pdf"),),
                gap=20 * MINUTE,
            ),
            call(
                "verify_document", {"kind": "passport", "file": "passport-omar.pdf"}, '{"ok": tru'
            ),
            assistant(
                "The check of the copy broke off, so I can't say whether it is readable. A "
                "colleague will look at it; nothing to do for you."
            ),
        ),
    ),
    Story(
        title="حقيبتي لم تصل إلى الدوحة",
        user=OMAR,
        ago=1 * DAY + 1 * HOUR,
        steps=(
            user(
                "وصلت إلى الدوحة صباح اليوم وحقيبتي لم تصل. رقم البطاقة QR 483920. "
                "لدي اجتماع غدًا وملابسي كلها فيها.",
                attached=(image("بطاقة الحقيبة.jpg", "image/jpeg"),),
                gap=0,
            ),
            call(
                "trace_bag",
                {"tag": "QR483920"},
                {"last_seen": "FRA", "at": "2026-03-11T04:12:00Z", "next_flight": "QR 68"},
            ),
            assistant(
                "حقيبتك في **فرانكفورت**؛ لم تُنقل في الوقت المناسب. ستصل على الرحلة QR 68 اليوم "
                "الساعة 23:40، وسنوصلها إلى فندقك قبل السابعة صباحًا.\n\n"
                "ويحق لك شراء ما تحتاجه لليلة واحدة حتى **400 ريال**؛ احتفظ بالفواتير.",
                sources=("https://airline.example.com/baggage/delayed",),
            ),
            user("الفندق: The Pearl Inn، غرفة 1204. شكرًا جزيلاً.", gap=2 * MINUTE),
            task("أُبلغ المطار", "التوصيل إلى The Pearl Inn، غرفة 1204، قبل 07:00"),
        ),
    ),
    Story(
        title="¿Puedo llevar a mi gata en cabina?",
        user=INES,
        ago=4 * DAY + 20 * MINUTE,
        status=closed("Resuelto"),
        steps=(
            user("Vuelo a Sevilla el 21 con mi gata, pesa 5,2 kg. ¿Puede ir conmigo?", gap=0),
            assistant(
                "Sí, hasta **8 kg** con el transportín incluido.\n\n"
                "#### Lo que necesita\n\n"
                "* Transportín blando, máx. 45 × 35 × 25 cm\n"
                "* Cartilla con la vacuna de la rabia (más de 21 días)\n"
                "* Reserva de plaza: quedan **2** en su vuelo\n\n"
                "¿La reservo? Son 40 €.",
                sources=("mascotas-a-bordo.pdf",),
            ),
            user("¡Sí! Se llama Lenteja 🐈", gap=30),
            call("book_pet", {"flight": "VY 1285", "weight_kg": 5.2}, {"booked": True, "fee": 40}),
            assistant("Lenteja tiene plaza. Que tengáis buen viaje las dos."),
        ),
    ),
    Story(
        title=None,
        user=NOA,
        ago=2 * HOUR + 5 * MINUTE,
        steps=(
            user("היי, אפשר לשנות את שם הנוסע בכרטיס? כתבתי Noah במקום Noa.", gap=0),
            assistant(
                "כן. תיקון של אות אחת הוא **ללא תשלום** עד 24 שעות לפני הטיסה. מה מספר ההזמנה?"
            ),
            user("ZL4K9Q", gap=22),
            call("correct_name", {"booking": "ZL4K9Q", "from": "NOAH", "to": "NOA"}, {"ok": True}),
            assistant("תוקן. כרטיס מעודכן נשלח אלייך במייל."),
        ),
    ),
)
