"""A receipt on the page says of each call what was chosen, what was sent and which prompts."""

from dataclasses import asdict

from app.events import Call, Message
from app.models.model import Sampling
from app.ui.chat.receipt_view import choices, sent_and_said


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
