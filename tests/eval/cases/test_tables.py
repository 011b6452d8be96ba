"""A row and a date above it are asked for by name; what is not clear is left alone."""

from __future__ import annotations

import pytest

from eval.cases.making.tables import read_columns, table_facts
from tests.eval.cases.conftest import REPORT

PAGE = REPORT.format("15,741", "50,122")


def test_a_value_is_asked_for_by_its_row_and_its_column() -> None:
    facts = {fact.question: fact.answers for fact in table_facts(PAGE)}
    september = "for the three months ended September 30"
    assert facts[f"What was total revenue {september}, 2022?"] == ("50,122", "$50,122 million")
    assert facts[f"What was cost of revenue {september}, 2021?"] == ("13,646", "$13,646 million")
    assert len(facts) == 8


@pytest.mark.parametrize(
    ("header", "count", "columns"),
    [
        (
            "September 30, 2022 June 30, 2022 Assets",
            2,
            ["on September 30, 2022", "on June 30, 2022"],
        ),
        ("2022 2021 2020", 3, ["in 2022", "in 2021", "in 2020"]),
        (
            "Three Months Ended Six Months Ended Jul 1, 2023 Jul 2, 2022 Jul 1, 2023 Jul 2, 2022",
            4,
            [
                "for the three months ended Jul 1, 2023",
                "for the three months ended Jul 2, 2022",
                "for the six months ended Jul 1, 2023",
                "for the six months ended Jul 2, 2022",
            ],
        ),
        ("2022 2021", 3, []),
        ("", 2, []),
        ("As of September 30, 2022 and June 30, 2022 Operating Leases Finance Leases", 2, []),
        ("in 2022", 1, []),
    ],
)
def test_columns_are_dates_or_unknown(header: str, count: int, columns: list[str]) -> None:
    assert read_columns(header, count) == columns


def test_a_label_that_stands_there_twice_is_told_apart_by_its_group_or_left_out() -> None:
    page = "\n".join(
        ["2022 2021", "Revenue:", "Service fees $ 910 $ 820", "Total revenue 910 820", "Cost:",
         "Service fees 700 800", "Total cost 700 800", "Margin left 210 20", "Margin left 4 120"]
    )  # fmt: skip
    questions = [fact.question for fact in table_facts(page)]
    assert "What were service fees in the group “Cost” in 2022?" in questions
    assert not [question for question in questions if "margin" in question]


def test_shares_of_a_whole_are_not_asked_for() -> None:
    page = "2022 2021\nNet sales 100.0 % 100.0 %\nCost of sales 42.1 % 40.0 %\nProfit 57.9 % 60.0 %"
    assert list(table_facts(page)) == []


def test_a_number_of_shares_has_no_scale_where_only_money_has() -> None:
    page = (
        "(In millions, except number of shares)\n2022 2021\nNet income $ 90 $ 80\n"
        "Weighted shares 16,000 15,000"
    )
    answers = {fact.label: fact.answers for fact in table_facts(page)}
    assert answers == {"Net income": ("80", "$80 million"), "Weighted shares": ("15,000",)}
