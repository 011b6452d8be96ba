"""How an answer came about: the steps on the way, and each call with its choices and texts."""

from __future__ import annotations

import json
from collections.abc import Mapping

import streamlit as st

from app.events import Answer, Call, Receipt, UsedPassage
from app.page_name import page_name
from app.strategies import STRATEGIES
from app.ui.chat.tree_picture import tree_picture
from app.ui.handbook.link import link
from app.ui.plain import plain

FINGERPRINT = 12  # characters of a prompt file's sha256 that are shown


def show_receipt(answer: Answer) -> None:
    """What was searched, done, sent and proved; all texts as they are, none of them as Markdown."""
    receipt = answer.receipt
    st.caption(plain(f"{receipt.model} · {receipt.strategy} · {call_costs(receipt.calls)}"))
    names = [SEARCH, *([STEPS] if answer.steps else []), *([CALLS] if receipt.calls else []), PROOF]
    shown = st.tabs(names, on_change="rerun")
    for name, tab in zip(names, shown, strict=True):
        if tab.open:
            with tab:
                PARTS[name](answer)
                title, chapter, section = IN_THE_HANDBOOK[name]
                link(f"In the handbook: {title}", chapter, section, icon=":material/menu_book:")


def _show_search(answer: Answer) -> None:
    """Which passages were found, how they were ranked, and which the model was shown."""
    receipt = answer.receipt
    st.caption(
        "Your documents were cut into passages when they were added. For a question they are "
        "ranked twice: by meaning (numbers made of the text, compared with those of the question) "
        "and by words (the rarer a word, the more it counts). Both scores together give the order."
    )
    if answer.standalone_question != " ".join(answer.question.split()):
        st.text(f"Searched for: {answer.standalone_question}")
    st.dataframe(
        passage_rows(answer),
        hide_index=True,
        column_config={
            "Score": st.column_config.ProgressColumn("Score", format="%.2f", max_value=1.0),
            "Shown": st.column_config.CheckboxColumn("Shown to the model"),
            "Cited": st.column_config.CheckboxColumn("Cited"),
        },
    )
    st.caption(times(receipt))
    if flagged := [used for used in receipt.passages if used.flagged]:
        st.text(
            "Sentences of the documents that read as instructions; the model was warned of them"
        )
        st.code(flagged_sentences(flagged), language=None, wrap_lines=True)


def passage_rows(answer: Answer) -> list[dict[str, object]]:
    """A row for each passage, in the order of their numbers."""
    shown = len(answer.receipt.passages)
    cited = {citation.number for claim in answer.claims for citation in claim.citations}
    best = max((passage.score for passage in answer.passages), default=0.0) or 1.0
    return [
        {
            "No.": number,
            "Document": passage.document,
            "Page": page_name(passage.page, passage.page_label),
            "Score": passage.score / best,
            "By meaning": passage.dense_rank,
            "By words": passage.lexical_rank,
            "Similarity": None if passage.similarity is None else round(passage.similarity, 3),
            "Reranker": passage.rerank_score,
            "Shown": number <= shown,
            "Cited": number in cited,
            "Text": passage.text,
        }
        for number, passage in enumerate(answer.passages, 1)
    ]


def times(receipt: Receipt) -> str:
    """Where the time went."""
    first = receipt.seconds_to_first_token
    parts = [f"searching {receipt.seconds_to_find:.1f} s"]
    if first is not None:
        parts += [
            f"to the first word {max(0.0, first - receipt.seconds_to_find):.1f} s",
            f"writing and checking {max(0.0, receipt.seconds - first):.1f} s",
        ]
    return f"Time: {', '.join(parts)}; {receipt.seconds:.1f} s in all."


def _show_steps(answer: Answer) -> None:
    """What was done on the way, in its order; a tree is drawn as one."""
    strategy = STRATEGIES.get(answer.receipt.strategy)
    if strategy is not None:
        st.text(strategy.summary)
    st.caption("What a model drafts and thinks on the way is never evidence for the answer.")
    for number, step in enumerate(answer.steps, 1):
        st.text(f"{number}. {step.name}")
        if step.name == "tree" and (picture := tree_picture(step.text)):
            st.graphviz_chart(picture)
        st.code(step.text, language=None, wrap_lines=True)


def _show_calls(answer: Answer) -> None:
    """Each call of the model: what it saw, what it said, what that cost."""
    st.caption(
        "A model is sent text, counted in tokens (pieces of words), and goes on with it. This is "
        "all that it saw: it knows nothing else of your documents."
    )
    calls = answer.receipt.calls
    for number, call in enumerate(calls, 1):
        label = f"What the model saw in call {number}: {call.step}"
        with st.expander(plain(label), expanded=number == len(calls)):
            st.code(choices(call), language=None, wrap_lines=True)
            st.code(sent_and_said(call), language=None, wrap_lines=True, height=240)


def _show_proof(answer: Answer) -> None:
    """Each sentence with its verdict."""
    st.caption(
        "Each sentence is compared with the passage that it cites: its words, weighted by how rare "
        "they are, names, numbers and denials. The support goes from 0 to 1; what is below the "
        "threshold counts as not proved, whoever wrote it."
    )
    st.dataframe(claim_rows(answer), hide_index=True)


def claim_rows(answer: Answer) -> list[dict[str, object]]:
    """A row for each sentence of the answer."""
    return [
        {
            "Sentence": claim.text,
            "Verdict": claim.verdict,
            "Support": None if claim.support is None else round(claim.support, 2),
            "Cites": "; ".join(
                f"[{c.number}] {c.document}, {page_name(c.page, c.page_label)}"
                for c in claim.citations
            ),
            "Why": claim.reason or claim.rebound,
        }
        for claim in answer.claims
    ]


SEARCH, STEPS, CALLS, PROOF = "What was found", "Steps", "What the model saw", "What is proved"
PARTS = {SEARCH: _show_search, STEPS: _show_steps, CALLS: _show_calls, PROOF: _show_proof}
IN_THE_HANDBOOK = {
    SEARCH: ("answering from documents", "2-vocabulary", "answering-from-documents"),
    STEPS: ("giving room to think", "3-prompting", "giving-room-to-think"),
    CALLS: ("what a language model is", "1-how-language-models-are-made",
            "what-a-language-model-is"),
    PROOF: ("from a question to an answer", "5-how-citebound-works",
            "from-a-question-to-an-answer"),
}  # fmt: skip


def call_costs(calls: tuple[Call, ...]) -> str:
    """What calls cost together."""
    noun = "call" if len(calls) == 1 else "calls"
    read = sum(call.prompt_tokens or 0 for call in calls)
    written = sum(call.answer_tokens or 0 for call in calls)
    return f"{len(calls)} {noun} · {read:,} tokens read · {written:,} tokens written"


def choices(call: Call) -> str:
    """What was asked for, what the server was sent for it, what it cost, and the prompt files."""
    chosen = {name: value for name, value in call.sampling.items() if value not in (None, (), "")}
    left = [name for name, value in call.sampling.items() if value is None]
    prompts = {name: fingerprint[:FINGERPRINT] for name, fingerprint in call.prompts.items()}
    lines = {
        "sampling": _listed(chosen),
        "left to the server": ", ".join(left),
        "options sent": _listed(call.options),
        "cost": cost(call),
        "prompts": ", ".join(f"{name} {short}" for name, short in prompts.items()),
    }
    return "\n".join(f"{name}: {said}" for name, said in lines.items() if said)


def cost(call: Call) -> str:
    """What a call took: our count of what was sent, the server's of what was read and written."""
    read = "" if call.prompt_tokens is None else f", {call.prompt_tokens:,} read"
    written = "" if call.answer_tokens is None else f", {call.answer_tokens:,} written"
    first = call.seconds_to_first_token
    waited = "" if first is None else f" ({first:.1f} s to the first word)"
    return f"{call.tokens_sent:,} tokens sent{read}{written}; {call.seconds:.1f} s{waited}"


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={json.dumps(value)}" for name, value in values.items())


def sent_and_said(call: Call) -> str:
    """The messages of a call, then what the model thought and said."""
    parts = [f"== {message.role}\n{message.text}" for message in call.messages]
    if call.thought:
        parts.append(f"== thought\n{call.thought}")
    return "\n\n".join([*parts, f"== answered\n{call.text}"])


def flagged_sentences(used: list[UsedPassage]) -> str:
    """A line for each flagged sentence, with where it stands."""
    return "\n".join(
        f"{passage.document}, page {passage.page}: {sentence}"
        for passage in used
        for sentence in passage.flagged
    )
