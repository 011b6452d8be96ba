"""Search through ways of reasoning: propose, score, go on with the best, go back where it fails.

Yao et al., "Tree of Thoughts", 2023.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from app.citations import check_text, proved_share, strip_marks
from app.desk import Desk
from app.events import Composed, Event, Step, Token
from app.listed_lines import listed_lines
from app.strategies.strategy import Documents, Strategy

DEPTH = 2  # steps of reasoning before an answer is written
WIDTH = 3  # ways that are proposed at each step
THOUGHT_TOKENS = 200  # that a step of reasoning may have; listed lines are shorter
LEAST_SCORE = 0.4  # a step that is judged lower is not followed
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass
class Node:
    """A step of reasoning; ``fate`` says what became of it."""

    thought: str
    parent: Node | None
    score: float
    fate: str = "not looked at"
    children: list[Node] = field(default_factory=list)

    @property
    def path(self) -> list[str]:
        """The steps from the first to this one; the root is none."""
        return [*self.parent.path, self.thought] if self.parent else []


def answer_by_search(question: str, documents: Documents, desk: Desk) -> Iterator[Event]:
    """One search, calls that propose and judge up to ``nodes`` steps, drafts until one is proved.

    If no draft is proved whole, the one with most proved is the answer.
    """
    passages = yield from desk.find([question], documents)
    composed = yield from desk.compose(question, passages, reserve=DEPTH * THOUGHT_TOKENS)
    if not composed.passages:
        yield from desk.answer(composed)
        return
    root = Node("", None, 1.0)
    open_nodes, judged = [root], 0
    best, best_share, best_composed = "", -1.0, composed
    while open_nodes and best_share < 1.0:
        node = max(open_nodes, key=lambda node: (node.score, len(node.path)))
        open_nodes.remove(node)
        if len(node.path) == DEPTH or judged >= desk.settings.nodes:
            draft, share, shown = yield from _draft(question, node, composed, desk)
            node.fate = f"answered, {share:.0%} proved"
            if share > best_share:
                best, best_share, best_composed = draft, share, shown
            if judged >= desk.settings.nodes:
                break
            continue
        children = yield from _expand(question, node, composed, desk, desk.settings.nodes - judged)
        judged += len(children)
        followed = [child for child in children if child.score >= LEAST_SCORE]
        node.fate = "followed" if followed else "went back: nothing led on"
        open_nodes += followed
    if best_share < 0:
        best, _, best_composed = yield from _draft(question, root, composed, desk)
    yield Step("tree", "\n".join(drawn(root)))
    yield best_composed  # its marks are those of this prompt
    yield Token(best)


def _expand(
    question: str, node: Node, composed: Composed, desk: Desk, most: int
) -> Generator[Event, None, list[Node]]:
    so_far = "\n".join(node.path)
    proposed = yield from desk.ask(
        "propose", question=question, passages=composed.shown, thought=so_far or "(none)"
    )
    for thought in listed_lines(proposed)[: min(WIDTH, most)]:
        judged = yield from desk.ask(
            "judge",
            question=question,
            passages=composed.shown,
            thought="\n".join([*node.path, thought]),
        )
        node.children.append(Node(thought, node, read_score(judged)))
    return node.children


def _draft(
    question: str, node: Node, composed: Composed, desk: Desk
) -> Generator[Event, None, tuple[str, float, Composed]]:
    """An answer along a path, the share of its sentences that is proved, and its prompt."""
    if node.path:
        # The passages may be numbered otherwise in the prompt that follows.
        notes = "\n".join(f"- {strip_marks(thought)}" for thought in node.path)
        composed = yield from desk.compose(
            question, composed.unwidened, addition="join", parts=notes
        )
    draft = yield from desk.draft("draft", composed)
    claims = check_text(draft, composed.passages, desk.check)
    return draft, proved_share(claims), composed


def read_score(text: str) -> float:
    """A judgement from 0 to 10 as 0 to 1; no number is 0."""
    found = NUMBER.search(text)
    return min(1.0, float(found[0]) / 10) if found else 0.0


def drawn(node: Node, depth: int = 0) -> Iterator[str]:
    """The tree as lines, each with its score and what became of it."""
    yield f"{'  ' * depth}{node.thought or '(question)'} [{node.score:.1f}, {node.fate}]"
    for child in node.children:
        yield from drawn(child, depth + 1)


TREE_OF_THOUGHT = Strategy(
    name="tree-of-thought",
    summary="Search through ways of reasoning, go back where one fails, keep the proved answer.",
    calls="about 2 x nodes",
    tokens="about 2 x nodes",
    needs="a chat model",
    run=answer_by_search,
)
