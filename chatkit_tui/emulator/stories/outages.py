"""Days on which something was down."""

from __future__ import annotations

from chatkit_tui.emulator.stories.people import AMELIE, DEV, INES, NOA, OMAR, TOBIAS
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
from chatkit_tui.emulator.stories.widget_forms import booking_form

OUTAGE_STORIES = (
    Story(
        title="Is the API down in Frankfurt?",
        user=DEV,
        ago=6 * HOUR + 10 * MINUTE,
        steps=(
            user("5xx from eu-central since 03:12 UTC. us-east is fine. Known?", gap=0),
            group(
                ("custom", "Asked the status page", "eu-central: degraded since 03:10 UTC"),
                ("custom", "Read your error rate", "0.2 % → 31 %"),
                (
                    "custom",
                    "Looked at the incident",
                    "one of three database replicas lost its disk",
                ),
                ("thought", "What helps now", "Reads may go to us-east; writes must wait."),
            ),
            assistant(
                "Known: **one replica in eu-central lost its disk** at 03:10 UTC. Writes fail for "
                "one request in three.\n\n"
                "### What you can do\n\n"
                "- send *reads* to `us-east`; they are at most 4 s behind\n"
                "- keep *writes* and send them again, with the same `Idempotency-Key`\n\n"
                "```console\n$ dig +short api.eu-central.example.com\n192.0.2.14\n192.0.2.15\n"
                "192.0.2.16   # this one\n```\n\n"
                "Next word at **04:00 UTC**.",
                sources=("https://status.example.com/incidents/4410",),
            ),
            user("Reads moved. Thanks for being frank about it.", gap=12 * MINUTE),
            task("04:00 UTC", "New replica at 62 %, error rate 9 %", gap=35 * MINUTE),
            task("04:30 UTC", "New replica in service, error rate 0.2 %", gap=30 * MINUTE),
            assistant(
                "Over since **04:26 UTC**. 1,318 of your writes failed; 1,301 came again and went "
                "through. The other **17** are in the file, with their keys.",
                sources=("failed-writes.csv",),
            ),
            user("All 17 done by hand. Closing from our side.", gap=50 * MINUTE),
        ),
    ),
    Story(
        title="Internet seit gestern weg, Techniker gewünscht",
        user=TOBIAS,
        ago=1 * DAY + 5 * HOUR,
        steps=(
            user(
                "Seit gestern 18 Uhr kein Internet. Router blinkt rot, neu gestartet habe ich "
                "schon dreimal.",
                attached=(image("router.heic", "image/heic"),),
                gap=0,
            ),
            call(
                "line_test",
                {"line": "DSL-77120"},
                {"sync": False, "attenuation_db": 61.5, "distance_to_fault_m": 140},
            ),
            thought(
                "Ort des Fehlers",
                "Die Messung endet 140 m vor dem Haus. Das ist der Verteiler, nicht der Router; "
                "zur Sicherheit soll jemand auch die Dose prüfen.",
            ),
            widget(booking_form()),
            assistant(
                "Der Fehler liegt rund **140 m vor Ihrem Haus**, also nicht am Router. Ein "
                "Techniker muss an den Verteiler und sollte Ihre Dose mitprüfen: Bitte wählen Sie "
                "oben einen Termin.\n\nBis dahin habe ich **50 GB** auf Ihr Mobiltelefon gebucht."
            ),
            user("Montag Nachmittag ist gebucht. Das mit den 50 GB ist nett!", gap=5 * MINUTE),
        ),
    ),
    Story(
        title="Emails arrive six hours late",
        user=NOA,
        ago=5 * DAY + 8 * HOUR,
        status=closed("Resolved"),
        steps=(
            user(
                "Confirmation mails come hours late. Headers of one are attached.",
                attached=(document("headers.eml", "message/rfc822"),),
                gap=0,
            ),
            thought(
                "Reading the hops",
                "Accepted at 08:01, queued until 14:02 at the second relay: greylisting with a "
                "six-hour window at the receiver.",
            ),
            assistant(
                "It is the *receiver*: their relay holds mail of senders it does not know for "
                "**six hours**.\n\n"
                "    08:01:12  we hand the mail over\n    08:01:13  451 try again later\n"
                "    14:02:40  accepted\n\n"
                "Ask them to put `198.51.100.0/24` on their list, then it takes seconds."
            ),
            user("They did, it's instant now.", gap=1 * DAY),
        ),
    ),
    Story(
        title="La aplicación se cierra al abrir la cámara",
        user=INES,
        ago=8 * DAY + 4 * HOUR,
        status=locked("Esperando la versión 7.4"),
        steps=(
            user("Android 16, versión 7.3.1: se cierra siempre que quiero escanear.", gap=0),
            call(
                "crash_reports",
                {"version": "7.3.1", "os": "Android 16"},
                {"crashes": 412, "top": "SecurityException: camera in the background"},
            ),
            assistant(
                "Es un error nuestro: 7.3.1 pide la cámara antes de estar *en primer plano*, y "
                "Android 16 ya no lo permite.\n\n- **7.4** sale el 17 de marzo\n"
                "- mientras tanto: abra primero *Historial* y luego *Escanear*"
            ),
            user("El truco funciona 👍", gap=4 * MINUTE),
        ),
    ),
    Story(
        title="الخدمة بطيئة جدًا منذ الصباح",
        user=OMAR,
        ago=10 * DAY + 1 * HOUR,
        status=closed("تم الحل"),
        steps=(
            user("كل صفحة تأخذ 20 ثانية. الإنترنت عندي سريع: 200 Mbit/s.", gap=0),
            call("trace_route", {"from": "Doha", "to": "edge"}, {"hops": 19, "via": "Singapore"}),
            assistant(
                "طلباتك تذهب عبر **سنغافورة** بدل دبي بسبب خلل في كابل بحري. حوّلناك الآن إلى "
                "خادم `dxb-2`.\n\nجرّب من جديد؛ يجب أن تكون أقل من ثانية.",
                sources=("https://status.example.com/incidents/4387",),
            ),
            user("ممتاز، 0.4 ثانية 👏", gap=3 * MINUTE),
        ),
    ),
    Story(
        title="Sauvegarde de nuit en échec",
        user=AMELIE,
        ago=20 * DAY + 2 * HOUR,
        status=closed("Résolu"),
        steps=(
            user("« Backup failed: no space left on device » trois nuits de suite.", gap=0),
            call("disk_usage", {"host": "nas-2"}, {"used": "98%", "largest": "/volume1/.Trash"}),
            assistant("La corbeille pèse **412 Go**. Je la vide ?\n\n`rm` ne se défait pas."),
            user("Oui, videz-la.", quote="rm ne se défait pas.", gap=2 * MINUTE),
            call("empty_trash", {"host": "nas-2"}, {"freed_gb": 412}),
            assistant(
                "Libérés : 412 Go. La sauvegarde de cette nuit est passée à 02:14.", gap=14 * HOUR
            ),
        ),
    ),
)
