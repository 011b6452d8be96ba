"""Words that financial statements use where people ask with others: "capex", "PP&E", "COGS".

An embedding model knows some of them; a search by words knows none.
"""

from __future__ import annotations

import re

ENTRIES = {
    r"capital expenditures?|capex": "purchases additions acquisition property plant equipment",
    r"COGS|cost of goods sold": "cost of sales revenue",
    r"R&D": "research development",
    r"SG&A": "selling general administrative",
    r"operating profit|EBIT": "operating income",
    r"net profit|bottom line|net earnings": "net income",
    r"PP&E|PPNE|fixed assets": "property plant equipment",
    r"operating cash flow|CFO|cash flows? from operations": "net cash operating activities",
    r"D&A": "depreciation amortization",
    r"buybacks?|buy(?:ing)? back": "repurchase common stock",
    r"EPS": "earnings per share",
    r"P&L|income statement|statement of (?:income|operations)": "statements operations income",
    r"balance sheet|statement of financial position": "balance sheets",
    r"cash flow statement|statement of cash flows": "statements cash flows",
    r"trade payables": "accounts payable",
    r"trade receivables": "accounts receivable",
    r"net sales|revenues?|top line|turnover": "revenue net sales",
}
PATTERNS = [
    (re.compile(rf"\b(?:{asked})(?!\w)", re.IGNORECASE), written.split())
    for asked, written in ENTRIES.items()
]


def other_words(question: str) -> list[str]:
    """What documents may say for what a question says, each word once."""
    found = [word for pattern, words in PATTERNS if pattern.search(question) for word in words]
    return list(dict.fromkeys(found))
