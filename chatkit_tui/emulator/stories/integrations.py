"""Interfaces that other programs talk to, and what they answered instead."""

from __future__ import annotations

from chatkit_tui.emulator.stories.people import DEV, MIRA, NOA, OMAR, TOBIAS, YUMI
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
    unheard_of,
    user,
)

INTEGRATION_STORIES = (
    Story(
        title="Webhook signatures don't match since this morning",
        user=DEV,
        ago=2 * HOUR + 25 * MINUTE,
        steps=(
            user(
                "Since about 06:00 UTC every webhook fails our signature check. Nothing was "
                "deployed on our side. This is what we do:",
                "```python\n"
                "expected = hmac.new(secret, request.body, hashlib.sha256).hexdigest()\n"
                "assert expected == request.headers['X-Signature']\n"
                "```",
                attached=(document("failing-request.har", "application/json"),),
                gap=0,
            ),
            group(
                ("custom", "Read the request", "body of 2,114 bytes, header v2=…, t=…"),
                ("custom", "Looked up the account", "signatures: v2 since 12 March, 06:00 UTC"),
                (
                    "thought",
                    "What changed",
                    "v2 signs the timestamp and the body, joined by a dot. The mail about it went "
                    "to the billing address, not to the developers.",
                ),
            ),
            assistant(
                "Your account moved to **version 2** of the signatures at 06:00 UTC. It signs the "
                "time as well, so that an old request cannot be sent again.\n\n"
                "## What to change\n\n"
                "```python\n"
                "import hashlib, hmac, time\n\n"
                "def verify(headers: dict[str, str], body: bytes, secret: bytes) -> None:\n"
                "    parts = headers['X-Signature'].split(',')\n"
                "    fields = dict(part.split('=', 1) for part in parts)\n"
                "    if abs(time.time() - int(fields['t'])) > 300:\n"
                "        raise ValueError('too old')\n"
                "    signed = fields['t'].encode() + b'.' + body\n"
                "    expected = hmac.new(secret, signed, hashlib.sha256).hexdigest()\n"
                "    if not hmac.compare_digest(expected, fields['v2']):  # never ==\n"
                "        raise ValueError('bad signature')\n"
                "```\n\n"
                "## Until then\n\n"
                "I can put you back on version 1 **until 31 March**. Shall I?\n\n"
                "![Where the switch is](https://docs.example.com/img/signature-switch.png)",
                sources=(
                    "https://docs.example.com/webhooks/signatures",
                    "https://docs.example.com/webhooks/signatures",
                    "CHANGELOG.md",
                ),
                gap=11,
            ),
            user(
                "Yes please, back to v1 for now. And could the mail go to dev@ next time?",
                quote="I can put you back on version 1 until 31 March.",
                gap=5 * MINUTE,
            ),
            call(
                "set_signature_version",
                {"account": "acc_7719", "version": 1, "until": "2026-03-31"},
                {"version": 1, "until": "2026-03-31T23:59:59Z"},
            ),
            task("Contact added", "dev@ gets notices about the interface from now on"),
            unheard_of(
                "approval_request",
                question="Replay the 214 webhooks that failed since 06:00?",
                options=["replay", "skip"],
                expires_in=3600,
                gap=1,
            ),
            assistant(
                "Done. **214** webhooks failed since 06:00; the question above is from the replay "
                "service, answer it and they come again in order."
            ),
        ),
    ),
    Story(
        title="429 on the bulk import",
        user=TOBIAS,
        ago=1 * DAY + 30 * MINUTE,
        status=closed("Import finished"),
        steps=(
            user("Our import of 80,000 contacts dies with 429 after a minute or so.", gap=0),
            call("rate_limit_of", {"account": "acc_3090"}, {"per_minute": 600, "burst": 50}),
            assistant(
                "Your limit is **600 requests a minute**, and the import sends one request a "
                "contact. Two ways out:\n\n"
                "1. *Send batches.* `POST /contacts/batch` takes 500 at once: 160 requests, done "
                "in 20 seconds.\n"
                "2. *Wait when told to.* Each 429 says how long:\n\n"
                "```javascript\n"
                "async function send(batch) {\n"
                "  for (;;) {\n"
                "    const body = JSON.stringify(batch);\n"
                "    const answer = await fetch(url, { method: 'POST', body });\n"
                "    if (answer.status !== 429) return answer;\n"
                "    const seconds = Number(answer.headers.get('retry-after') ?? 1);\n"
                "    await new Promise((wake) => setTimeout(wake, seconds * 1000));\n"
                "  }\n"
                "}\n"
                "```\n\nDo both.",
                sources=("https://docs.example.com/limits",),
            ),
            user("Batches did it. 80,000 in 31 s 🚀", gap=50 * MINUTE),
        ),
    ),
    Story(
        title="OAuth loop in Safari only",
        user=NOA,
        ago=2 * DAY + 6 * HOUR,
        status=locked("Waiting for the next Safari release"),
        steps=(
            user(
                "Login with SSO works in Firefox and Chrome. Safari goes round and round between "
                "you and our identity provider.",
                attached=(
                    image("safari-loop.gif", "image/gif"),
                    document("safari.har", "application/json"),
                ),
                gap=0,
            ),
            thought(
                "Reading the trace",
                "The state cookie is set on the way out and missing on the way back. It has "
                "SameSite=None without Partitioned, and the login runs in a frame.",
            ),
            assistant(
                "Safari drops our cookie, because the login runs **inside a frame** of your portal "
                "and the cookie is a third party's there.\n\n"
                "- *Today*: open the login in its own window (`mode=popup`)\n"
                "- *Next week*: we mark the cookie as `Partitioned`\n\n"
                '```html\n<a href="/sso/start?mode=popup" target="_blank" rel="noopener">'
                "Sign in</a>\n```",
                sources=("https://developer.mozilla.org/docs/Web/Privacy/Partitioned_cookies",),
            ),
            user("popup works. Please tell me when the cookie is there.", gap=35 * MINUTE),
        ),
    ),
    Story(
        title="Stock sync writes 0 for everything",
        user=MIRA,
        ago=3 * DAY + 23 * HOUR + 40 * MINUTE,
        status=closed("Fixed in the connector 3.8.2"),
        steps=(
            user("URGENT: since the update every product shows 0 in stock. Shop is closed!", gap=0),
            call(
                "sync_log",
                {"connector": "erp-7", "lines": 50},
                '{"lines": ["09:14 parse_qty(\'1.204,00\') -> 0", "parse_qty(\'37,00\') -> 0"',
            ),
            thought(
                "The log is cut, but says enough",
                "Quantities come with a comma for decimals. The parser of 3.8.1 gives 0 for them.",
            ),
            call("pause_sync", {"connector": "erp-7"}, {"paused": True}),
            call(
                "restore_stock",
                {"shop": "glasswerk", "at": "2026-03-08T05:00:00Z"},
                {"products": 1872, "restored": 1872},
            ),
            assistant(
                "First the fire: the sync is **paused** and the stock of this morning, 05:00, is "
                "**back** (1,872 products). You can open the shop.\n\n"
                "The cause: version 3.8.1 of the connector reads `1.204,00` as nothing. Until it "
                "is mended:\n\n"
                "```yaml\nconnector:\n  version: 3.8.0   # not 3.8.1\n  locale: de_DE\n```\n"
            ),
            user("Open again. Thank you!! 😮‍💨", gap=4 * MINUTE),
            assistant(
                "3.8.2 is out, with a test for commas. I have switched the sync on again.",
                gap=7 * HOUR,
            ),
        ),
    ),
    Story(
        title="商品データのCSVが文字化けする",
        user=YUMI,
        ago=6 * DAY + 9 * HOUR,
        status=closed("解決済み"),
        steps=(
            user(
                "商品のCSVを取り込むと「å•†å“」のように文字化けします。",
                attached=(document("商品一覧.csv", "text/csv"),),
                gap=0,
            ),
            call("sniff_encoding", {"file": "商品一覧.csv"}, {"encoding": "utf-8", "bom": False}),
            assistant(
                "ファイルは正しい**UTF-8**ですが、取り込み画面の設定が*Latin-1*のままです。\n\n"
                "1. 「取り込み」→「詳細」を開く\n2. 文字コードを `UTF-8` に変える\n"
                "3. プレビューで確かめる\n\n"
                "毎回自動で判別させるには、先頭にBOMを付けます。\n\n"
                "```python\nwith open('商品一覧.csv', 'w', encoding='utf-8-sig') as f:\n"
                "    writer = csv.writer(f)\n```"
            ),
            user("直りました！", gap=6 * MINUTE),
        ),
    ),
    Story(
        title="SQL for the monthly report is slow",
        user=DEV,
        ago=11 * DAY + 3 * HOUR,
        status=closed("Resolved"),
        steps=(
            user(
                "This takes 40 s on your reporting replica. Can you see why?",
                "```sql\nSELECT u.name, (SELECT count(*) FROM orders o WHERE o.user_id = u.id\n"
                "  AND date_trunc('month', o.created_at) = '2026-02-01') AS n\nFROM users u;\n```",
                gap=0,
            ),
            thought(None, "date_trunc on the column keeps the index from being used, per user."),
            assistant(
                "`date_trunc` hides the column from its index, and the count runs once for every "
                "user. One pass does it:\n\n"
                "```sql\nSELECT u.name, count(o.id) AS n\nFROM users u\n"
                "LEFT JOIN orders o ON o.user_id = u.id\n"
                "  AND o.created_at >= DATE '2026-02-01'\n"
                "  AND o.created_at <  DATE '2026-03-01'\nGROUP BY u.id, u.name;\n```\n\n"
                "| | before | after |\n|---|--:|--:|\n| time | 40.2 s | **0.3 s** |\n"
                "| rows read | 91 million | 240,000 |\n",
                sources=("explain-analyze.txt",),
            ),
            user("0.27 s. Wow.", gap=15 * MINUTE),
        ),
    ),
    Story(
        title="Terraform wants to replace the production queue",
        user=OMAR,
        ago=13 * DAY + 8 * HOUR,
        status=closed(),
        steps=(
            user(
                "`terraform plan` wants to destroy our queue after your provider update. Why?",
                attached=(document("plan.txt", "text/plain"),),
                gap=0,
            ),
            assistant(
                "**Don't apply.** Version 4 of the provider renamed an argument, and a renamed "
                "argument looks like a new queue. Keep it with:\n\n"
                "```hcl\nmoved {\n"
                "  from = example_queue.orders\n  to   = example_message_queue.orders\n}\n"
                "```\n\nThen the plan must end with:\n\n"
                "> Plan: 0 to add, 0 to change, **0 to destroy**."
            ),
            user("0 to destroy. I can breathe again.", gap=9 * MINUTE),
        ),
    ),
    Story(
        title="Go client panics on empty pages",
        user=TOBIAS,
        ago=18 * DAY,
        status=closed("Fixed in v1.14.1"),
        steps=(
            user("panic: index out of range [0] with length 0, in `pages.Next()`. v1.14.0.", gap=0),
            task("Reproduced", "An account without orders is enough"),
            assistant(
                "Confirmed: `Next` looks at the last row before it asks whether there is one.\n\n"
                "```go\nfunc (p *Pages) Next(ctx context.Context) bool {\n"
                "\tif len(p.rows) == 0 {\n\t\treturn false\n\t}\n"
                "\tp.after = p.rows[len(p.rows)-1].ID\n\treturn p.load(ctx)\n}\n```\n\n"
                "Released as **v1.14.1**.",
                sources=("https://github.com/example/example-go/releases/tag/v1.14.1",),
            ),
        ),
    ),
)
