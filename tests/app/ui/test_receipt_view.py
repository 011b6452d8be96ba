"""A receipt on the page says of each call what was chosen, what was sent and which prompts."""

from dataclasses import asdict

from app.events import Answer, Call, Citation, Claim, Message, Receipt, UsedPassage
from app.models.model import Sampling
from app.ui.chat.receipt_view import choices, claim_rows, passage_rows, sent_and_said, times
from ingest.search import Passage


def call(sampling: Sampling, options: dict[str, object]) -> Call:
    return Call(
        step="answer", messages=(Message("user", "Who?"),),
        prompts={"answer": "ab" * 32, "/home/mine.toml": "cd" * 32}, sampling=asdict(sampling),
        options=options, text="Nobody.", thought="Hm.", tokens_sent=4,
        prompt_tokens=3, answer_tokens=2,
        seconds_to_first_token=0.1, seconds=0.2, cut_off=False,
    )  # fmt: skip


def test_a_call_shows_its_sampling_its_options_and_its_prompts() -> None:
    sampling = Sampling(200, temperature=0.3, seed=7, top_k=40, stop=("END\n",))
    sent: dict[str, object] = {"num_ctx": 4096, "num_predict": 200, "stop": ["END\n"]}
    assert choices(call(sampling, sent)).splitlines() == [
        'sampling: answer_tokens=200, temperature=0.3, seed=7, top_k=40, stop=["END\\n"]',
        "left to the server: top_p, min_p, repeat_penalty",
        'options sent: num_ctx=4096, num_predict=200, stop=["END\\n"]',
        "cost: 4 tokens sent, 3 read, 2 written; 0.2 s (0.1 s to the first word)",
        "prompts: answer abababababab, /home/mine.toml cdcdcdcdcdcd",
    ]


def test_a_server_that_counted_nothing_leaves_the_options_out() -> None:
    assert "options" not in choices(call(Sampling(200), {}))


def test_the_texts_of_a_call_are_as_they_were() -> None:
    said = "== user\nWho?\n\n== thought\nHm.\n\n== answered\nNobody."
    assert sent_and_said(call(Sampling(200), {})) == said


def passage(id: str, score: float) -> Passage:
    return Passage(
        id=id, document_id="d", document="a.pdf", title="A", trail="", page=3, last_page=3,
        page_label="iii", last_page_label="iii", page_break=3, start=0, end=3, text="Tea.",
        score=score, dense_rank=1, lexical_rank=None, similarity=0.71239,
    )  # fmt: skip


def answered() -> Answer:
    citation = Citation(2, "d", "a.pdf", 3, "iii", "Tea.")
    claims = (
        Claim("Tea is hot.", (citation,), 0.987, "supported"),
        Claim("Tea is red.", (), 0.1, "unsupported", "it lacks red"),
    )
    receipt = Receipt(
        "m", "direct", passages=(UsedPassage("x", "a.pdf", 3, 0.5, ()),) * 2,
        seconds_to_find=0.2, seconds_to_first_token=0.5, seconds=2.0,
    )  # fmt: skip
    found = (passage("x", 0.8), passage("y", 0.4), passage("z", 0.2))
    return Answer("q", "q", "Tea is hot [2].", (), claims, found, receipt, refused=False)


def test_passages_say_how_they_were_ranked_shown_and_cited() -> None:
    first, second, third = passage_rows(answered())
    assert (first["Page"], first["By meaning"], first["By words"]) == ("page 3", 1, None)
    assert [row["Score"] for row in (first, second, third)] == [1.0, 0.5, 0.25]
    assert [row["Cited"] for row in (first, second, third)] == [False, True, False]
    assert [row["Shown"] for row in (first, second, third)] == [True, True, False]
    assert first["Similarity"] == 0.712


def test_sentences_say_what_they_cite_and_why_they_are_not_proved() -> None:
    hot, red = claim_rows(answered())
    assert (hot["Support"], hot["Cites"]) == (0.99, "[2] a.pdf, page 3")
    assert (red["Verdict"], red["Why"]) == ("unsupported", "it lacks red")


def test_the_time_is_told_by_its_parts() -> None:
    assert times(answered().receipt) == (
        "Time: searching 0.2 s, to the first word 0.3 s, writing and checking 1.5 s; 2.0 s in all."
    )
