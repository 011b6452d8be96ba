"""Questions whose pages are found by rule, where a set names none.

Quarterly reports: analysts' questions for what a statement prints or what is reckoned from it, with
company and period in several spellings; the gold page is the statement's, known by lines that it
must have. Encyclopedia articles: questions of people; gold are the pages that hold at least half of
the word triples of the long answer.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from eval.cases import Case, Evidence
from ingest.library import Library

COMPANIES = {
    "AAPL": "Apple", "AMZN": "Amazon", "INTC": "Intel", "MSFT": "Microsoft", "NVDA": "NVIDIA",
}  # fmt: skip
NAME = re.compile(r"(20\d\d) Q([1-4]) (\w+)\.pdf")
PERIODS = ("Q{q} of FY{y}", "Q{q} {y}", "{q}Q{short}", "FY{y} Q{q}")
LAST_STATEMENT_PAGE = 14
HELD = 0.5  # of a long answer's triples, by a page that is gold
LEAST_TRIPLES = 5

LINES = {  # that a statement's page has
    "cash flows": (
        r"\binvesting", r"\bfinancing",
        r"(?:change|increase|decrease)\)? in cash",
        r"depreciation",
    ),
    "income": (
        r"cost of (?:sales|revenue|goods)", "diluted", "provision for|income tax",
        "research and development|technology and (?:content|infrastructure)",
        "operating (?:income|expenses)",
    ),
    "balance sheet": (
        "total current liabilities", "total assets", "total liabilities", "inventor",
    ),
}  # fmt: skip
QUESTIONS = {
    "cash flows": (
        "What is the {p} capital expenditure amount (in USD millions) for {c}? Give a response to "
        "the question by relying on the details shown in the cash flow statement.",
        "How much did {c} spend on share repurchases in {p}?",
        "What was {c}'s {p} depreciation and amortization? Answer using the statement of cash "
        "flows.",
        "We need to calculate a financial metric by using information only provided within the "
        "cash flow statement. What is {c}'s cash from operations for {p}?",
        "By relying on the cash flow statement: how much stock-based compensation did {c} report "
        "in {p}?",
        "Among operations, investing, and financing activities, which brought in the most (or "
        "lost the least) cash flow for {c} in {p}?",
    ),
    "income": (
        "What is the {p} operating profit margin for {c}? Calculate using the P&L statement.",
        "What was {c}'s {p} total revenue? Answer in USD millions and address the question by "
        "using the income statement.",
        "Does {c} have an improving gross margin profile as of {p}?",
        "What is {c}'s effective tax rate in {p}?",
        "Using only the information within the statement of income, what is {c}'s {p} R&D expense "
        "as a share of net sales?",
        "What is the {p} diluted EPS of {c}?",
    ),
    "balance sheet": (
        "Assume that you are a public equities analyst. Answer the following question by primarily "
        "using information that is shown in the balance sheet: what is the net PPNE for {c} at the "
        "end of {p}? Answer in USD billions.",
        "Does {c} have a reasonably healthy liquidity profile based on its quick ratio for {p}?",
        "What is {c}'s total current liabilities at the end of {p}? Base your judgments on the "
        "information provided primarily in the statement of financial position.",
        "How much inventory did {c} hold at the end of {p}?",
        "What is {c}'s working capital for {p}? Please state in USD millions.",
        "What is the {p} net AR for {c}? Please answer using the balance sheet.",
    ),
}


def statement_cases(library: Library) -> list[Case]:
    """Six questions for each statement of each quarterly report."""
    cases = []
    for document in library.documents():
        named = NAME.fullmatch(document.name)
        if named is None:
            continue
        year, quarter, ticker = named.groups()
        for statement, questions in QUESTIONS.items():
            page = _statement_page(library, document.id, statement)
            for number, question in enumerate(questions):
                period = PERIODS[number % len(PERIODS)].format(y=year, q=quarter, short=year[2:])
                cases.append(
                    Case(
                        id=f"{document.name}, {statement}, {number}",
                        question=question.format(p=period, c=COMPANIES[ticker]),
                        evidence=(Evidence(document=document.name, page=page),),
                        tags=(statement,),
                    )
                )
    return cases


def _statement_page(library: Library, document: str, statement: str) -> int:
    for page in library.catalog.pages(document)[:LAST_STATEMENT_PAGE]:
        text = " ".join(page.text.lower().split())
        if all(re.search(line, text) for line in LINES[statement]):
            return page.number
    raise RuntimeError(f"no page of {document} has the lines of the statement of {statement}")


def article_cases(source: Path, library: Library) -> list[Case]:
    """The questions of a file of articles whose long answer stands on some page."""
    documents = {document.name: document.id for document in library.documents()}
    pages = {
        name: {page.number: _triples(page.text) for page in library.catalog.pages(id)}
        for name, id in documents.items()
    }
    cases = []
    for line in source.read_text(encoding="utf-8").splitlines():
        asked = json.loads(line)
        name, wanted = f"{asked['doc_name']}.pdf", _triples(asked.get("long_answer") or "")
        gold = [
            number
            for number, held in pages.get(name, {}).items()
            if len(wanted) >= LEAST_TRIPLES and len(wanted & held) >= HELD * len(wanted)
        ]
        if gold:
            evidence = tuple(Evidence(document=name, page=number) for number in gold)
            cases.append(Case(id=asked["q_uid"], question=asked["question"], evidence=evidence))
    return cases


def _triples(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}
