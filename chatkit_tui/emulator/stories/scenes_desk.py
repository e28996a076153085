"""Scenes of a shop's back office: integrations, texts, reports.

`$order`, `$name` and the like are filled in when a step is looked at.
"""

from __future__ import annotations

from chatkit_tui.emulator.stories.telling import (
    Scene,
    assistant,
    call,
    group,
    task,
    thought,
    user,
)

_ENDPOINT = Scene(
    "$status from $endpoint",
    (
        user("Our export got $status from `$endpoint` again this morning. Trace $trace."),
        group(
            ("custom", "Look up the trace", "$trace: $status after 30.0 s, third attempt"),
            ("custom", "Compare with the week before", "$count of 2,140 calls, was 1"),
            ("thought", None, "All of them ask for pages of 500; the smaller ones pass."),
        ),
        assistant(
            "It is the page size. Everything that failed asked `$endpoint` for 500 rows at "
            "once, everything that passed for 100 or fewer.\n\n"
            '```python\nfor page in client.pages("$endpoint", size=100):  # was 500\n'
            "    export.write(page)\n```\n\n"
            "Until you deploy that, a retry with a pause gets through in most cases.",
            sources=("https://status.example.com/history", "export-log-$day.txt"),
        ),
        user("Changed, running it again now.", gap=600),
        call("run_export", {"endpoint": "$endpoint", "size": 100}, {"rows": 2140, "failed": 0}),
        assistant("2,140 rows, none failed. I will watch tomorrow's run as well."),
    ),
)

_TRANSLATION = Scene(
    "Product text in $language",
    (
        user("Please put the text of the $product into $language, friendly, not stiff."),
        task("Draft in $language", "112 words, the care instructions kept word for word"),
        assistant(
            "The draft is in the catalogue as *not published*. Two things I was not sure of:\n\n"
            "- the English text says **lifetime guarantee**; in $language shops that is a legal "
            "promise, so I wrote *ten years*\n"
            "- the size table is in inches, I added centimetres"
        ),
        user("Ten years is right. Publish.", gap=210),
        task("Published", "$product, $language"),
    ),
)

_REPORT = Scene(
    "Weekly figures",
    (
        user("Figures of the week, please. Only what is different from usual."),
        group(
            ("custom", "Orders", "up $percent %"),
            ("custom", "Returns", "$count, as always"),
            ("custom", "Open questions", "two, both from $city"),
        ),
        assistant(
            "### Different from usual\n\n"
            "1. **Orders up $percent %**, nearly all of it the $product\n"
            "2. Deliveries to $city by $carrier take a day longer\n"
            "3. The average basket is €$amount\n\n"
            "### As usual\n\nReturns, complaints, time to answer."
        ),
        user("Why $city?", gap=50),
        thought("Why $city", "$carrier moved its depot; the notice came on $weekday."),
        assistant(
            "$carrier has moved its depot there. They expect to be back to normal in a week."
        ),
    ),
)

_ACCESS = Scene(
    "Access for $name",
    (
        user("$name starts on $weekday and needs what the others in $city have."),
        call(
            "copy_permissions",
            {"to": "$name", "from_group": "$city", "starts": "$weekday"},
            {"granted": ["orders.read", "orders.write", "returns.write"], "pending": ["refunds"]},
        ),
        assistant(
            "Done, except for **refunds**: over €50 they need the approval of a second person, "
            "and I may not be that one. $name gets the invitation on $weekday at 7:30."
        ),
        user("I have approved it.", gap=900),
        task("Refunds granted", "$name, up to €250"),
    ),
)

DESK_SCENES = (_ENDPOINT, _TRANSLATION, _REPORT, _ACCESS)
