"""A tree of thought in Graphviz's language."""

from __future__ import annotations

from app.ui.chat.tree_picture import tree_picture

TREE = """(question) [1.0, followed]
  Look at the date. [0.9, answered, 100% proved]
    Say "1890" \\n. [0.4, not looked at]
  Ask [nobody]. [0.2, went back: nothing led on]"""


def test_each_step_is_a_node_below_the_one_it_goes_on_from() -> None:
    drawn = tree_picture(TREE).splitlines()
    assert drawn[0] == "digraph {"
    assert drawn[-4:] == ["n0 -> n1", "n1 -> n2", "n0 -> n3", "}"]
    assert (
        'n1 [label="Look at the date.\\n0.9 · answered, 100% proved" fillcolor="#cdebd6"]' in drawn
    )
    assert any(line.startswith('n3 [label="Ask [nobody].\\n0.2 · went back') for line in drawn)


def test_what_a_model_wrote_stays_text() -> None:
    (node,) = (line for line in tree_picture(TREE).splitlines() if line.startswith("n2 ["))
    assert node.startswith('n2 [label="Say \\"1890\\" \\\\n.\\n0.4')


def test_a_long_thought_is_shortened_on_the_picture() -> None:
    (node,) = (
        line
        for line in tree_picture(f"{'word ' * 100}[0.5, followed]").splitlines()
        if line.startswith("n0 [")
    )
    assert len(node) < 250
    assert "…" in node


def test_what_is_no_tree_is_not_drawn() -> None:
    assert tree_picture("some words") == tree_picture("") == ""
