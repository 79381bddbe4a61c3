"""What the page shows, as HTML: pure functions from the API's data, through templates that escape everything.

An element with `data-action` reports to Python what was clicked or sent (`ACTIONS`, `deploy/page/page.js`), one with
`data-local` is served by the browser alone (`LOCAL`).
"""

ACTIONS = frozenset({
    "reply", "confirm", "article", "case", "example", "open", "delete", "new", "retry",
    "regenerate", "rate", "report", "paper", "close",
})  # fmt: skip
LOCAL = frozenset({"theme", "language", "sidebar", "copy", "close", "print"})
