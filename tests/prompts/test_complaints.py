"""What is wrong with a prompt's parts is told with the part and the line in it."""

from __future__ import annotations

import pytest

from prompts.complaints import Complaint, check_parts
from prompts.parts import PromptParts

CONTEXT = "{passages} {question}"


def told(**parts: object) -> list[tuple[str, int, str]]:
    """Part, line and text of each complaint."""
    found = check_parts({"task": "a", "context": CONTEXT, **parts})
    assert isinstance(found, list)
    return [(one.part, one.line, one.text) for one in found]


def test_parts_that_are_in_order_are_given_back() -> None:
    found = check_parts({"task": "a {{b}}", "context": CONTEXT})
    assert found == PromptParts(task="a {{b}}", context=CONTEXT)


def test_every_part_that_is_wrong_is_told() -> None:
    found = told(tone="one\ntwo {nonsense}", format="a\nb\nc {d", persona="x}")
    assert [(part, line) for part, line, _ in found] == [
        ("persona", 1), ("format", 3), ("tone", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("{question}\n{{\n}", 3, id="lone closing brace after escaped ones"),
        pytest.param("{question}}}\n{{x}}\n{", 3, id="open brace after escaped ones"),
        pytest.param("a } b\n{{", 1, id="first line"),
    ],
)
def test_a_brace_without_partner_is_found_in_its_line(text: str, line: int) -> None:
    assert [(part, at) for part, at, _ in told(format=text)] == [("format", line)]


def test_a_variable_that_is_missing_is_told_at_the_context() -> None:
    assert told(context="{question}") == [
        ("context", 1, "the variable {passages} is missing; it belongs into the context")
    ]


def test_nothing_is_said_to_be_missing_while_a_part_cannot_be_read() -> None:
    assert [part for part, _, _ in told(context="{question} {")] == ["context"]


def test_an_empty_task_and_an_example_without_passages_are_told_at_their_parts() -> None:
    found = told(task="", exemplars=[{"question": "q", "passages": [], "answer": "a"}])
    assert [part for part, _, _ in found] == ["task", "exemplars"]
    assert found[1][2].startswith("exemplars 1 passages: ")


def test_a_complaint_names_the_variable_that_it_is_about() -> None:
    found = check_parts({"task": "{x}", "context": CONTEXT})
    assert isinstance(found, list)
    assert [type(one) for one in found] == [Complaint]
    assert found[0].variable == "x"
