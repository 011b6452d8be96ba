"""Words that financial statements use where people ask with others: "capex", "PP&E", "COGS".

An embedding model knows some of them; a search by words knows none. A ratio that no statement
prints ("quick ratio") stands for the lines that it is made of and the statement that has them, by
the definitions that textbooks share.
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
    r"operating cash flow|(?-i:CFO)|cash flows? from operations": "net cash operating activities",
    r"D&A": "depreciation amortization",
    r"buybacks?|buy(?:ing)? back": "repurchase common stock",
    r"EPS": "earnings per share",
    r"P&L|income statement|statement of (?:income|operations)": "statements operations income",
    r"balance sheet|statement of financial position": "balance sheets",
    r"cash flow statement|statement of cash flows": "statements cash flows",
    r"trade payables": "accounts payable",
    r"trade receivables": "accounts receivable",
    r"net sales|revenues?|top line|turnover": "revenue net sales",
    r"quick ratio|acid[- ]test|current ratio|liquidity profile|working capital": (
        "balance sheets total current assets cash inventories total current liabilities"
    ),
    r"gross (?:profit )?margins?|gross profit": (
        "statements income revenue net sales cost of sales cost of revenue gross margin"
    ),
    r"operating (?:income |profit )?margins?": "statements income operating income revenue sales",
    r"(?:net |profit )(?:income |profit )?margins?": "statements income net income revenue sales",
    r"effective (?:income )?tax rate": "provision for income taxes income before income taxes",
    r"EBITDA": "operating income statements cash flows depreciation amortization",
    r"interest coverage": "statements income operating income interest expense",
    r"days (?:payables?|sales|inventory) outstanding|(?-i:D[PSI]O)|cash conversion cycle"
    r"|(?:inventory|receivables?|payables?) turnover": (
        "balance sheets inventories accounts payable accounts receivable cost of sales revenue"
    ),
    r"assets? turnover|return on (?:total )?assets|(?-i:ROA)": (
        "balance sheets total assets property plant equipment net income revenue"
    ),
    r"return on equity|(?-i:ROE)|debt[- ]to[- ]equity|leverage ratio": (
        "balance sheets total liabilities debt total equity net income"
    ),
    r"payout ratio|retention ratio": "statements cash flows dividends paid net income",
    r"free cash flow|(?-i:FCF)": (
        "statements cash flows operating activities purchases property plant equipment"
    ),
    r"capital[- ]intensive|capital intensity": (
        "property plant equipment total assets capital expenditures revenue"
    ),
}
PATTERNS = [
    (re.compile(rf"\b(?:{asked})(?!\w)", re.IGNORECASE), written.split())
    for asked, written in ENTRIES.items()
]


def other_words(question: str) -> list[str]:
    """What documents may say for what a question says, each word once."""
    found = [word for pattern, words in PATTERNS if pattern.search(question) for word in words]
    return list(dict.fromkeys(found))
