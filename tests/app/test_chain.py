"""A question goes over the wire to a scripted Ollama, and its answer comes back bound to pages."""

from __future__ import annotations

from app.events import Ask, Chosen, Composed, Done, Found, Message, Token, Understood
from app.models.choose import served_model
from app.models.model import Sampling
from app.settings import AnswerSettings
from ingest.library import Library
from prompts.refusal import REFUSAL
from prompts.template import load_prompt
from tests.app.asking import Asked, ask, stream
from tests.servers.reply import Body, Reply
from tests.servers.scripted_ollama import ScriptedOllama

QUESTION = "When was the Forth Bridge opened?"
TEXT = "The Forth Bridge was opened to trains on 4 March 1890 [1]. The guests were many."


def ask_ollama(
    library: Library, *replies: Reply, question: str = QUESTION, **settings: float
) -> Asked:
    with ScriptedOllama(models=["m"], replies=replies or [Reply(TEXT)]) as server:
        asked = AnswerSettings.model_validate({"ollama_url": server.url, **settings})
        return ask(library, question, spec="ollama:m", settings=asked)


def test_the_events_come_in_their_order_and_each_claim_after_its_last_token(
    facts: Library,
) -> None:
    kinds = ask_ollama(facts).kinds
    assert kinds[:4] == ["Understood", "Chosen", "Found", "Composed"]
    assert kinds[-3:] == ["Called", "ClaimChecked", "Done"]
    between = kinds[4:-3]
    assert set(between) == {"Token", "ClaimChecked"}
    assert between.count("Token") == len(TEXT.split())
    first_claim = between.index("ClaimChecked")
    assert first_claim == len(
        "The Forth Bridge was opened to trains on 4 March 1890 [1]. The".split()
    )


def test_the_first_words_are_there_while_the_server_still_writes(facts: Library) -> None:
    with ScriptedOllama(models=["m"], replies=[Reply("One two three.", fault="hang")]) as server:
        settings = AnswerSettings(ollama_url=server.url)
        events = stream(facts, "ollama:m", settings, Ask(QUESTION))
        pieces = (event.text for event in events if isinstance(event, Token))
        assert [next(pieces), next(pieces)] == ["One", " two"]


def test_leaving_early_hangs_up_on_the_server(facts: Library) -> None:
    with ScriptedOllama(models=["m"], replies=[Reply("word " * 500, pause_seconds=0.02)]) as server:
        settings = AnswerSettings(ollama_url=server.url)
        events = stream(facts, "ollama:m", settings, Ask(QUESTION))
        assert any(isinstance(event, Token) for event in events)
        events.close()  # type: ignore[attr-defined]
        assert server.wait_for_disconnect()
        assert server.words_sent < 100


def test_the_text_of_the_tokens_is_the_text_of_the_answer(facts: Library) -> None:
    asked = ask_ollama(facts)
    assert "".join(asked.tokens) == asked.answer.text == TEXT


def test_a_claim_cites_the_document_and_the_page_with_a_quote_that_stands_there(
    facts: Library,
) -> None:
    answer = ask_ollama(facts).answer
    proved, unproved = answer.claims
    (citation,) = proved.citations
    assert proved.text == "The Forth Bridge was opened to trains on 4 March 1890."
    assert (citation.number, citation.document, citation.page) == (1, "bridge.pdf", 1)
    assert citation.document_id == facts.find_document("bridge.pdf").id
    assert citation.quote == "The Forth Bridge was opened to trains on 4 March 1890."
    assert citation.quote in " ".join(answer.passages[0].text.split())
    assert (proved.verdict, proved.support) == ("supported", 1.0)
    assert (unproved.text, unproved.citations) == ("The guests were many.", ())
    assert (unproved.verdict, unproved.reason) == ("unsupported", "it cites no passage")


def test_the_claims_of_the_events_are_those_of_the_answer(facts: Library) -> None:
    asked = ask_ollama(facts)
    checked = [event.claim for event in asked.events if hasattr(event, "claim")]
    assert tuple(checked) == asked.answer.claims


def test_a_mark_that_names_no_passage_is_dropped(facts: Library) -> None:
    (claim,) = ask_ollama(facts, Reply("It was opened in 1890 [99].")).answer.claims
    assert (claim.text, claim.citations) == ("It was opened in 1890.", ())
    assert claim.verdict == "unsupported"


def test_a_number_that_the_page_lacks_is_named(facts: Library) -> None:
    (claim,) = ask_ollama(facts, Reply("The Forth Bridge was opened in 1891 [1].")).answer.claims
    assert claim.verdict == "unsupported"
    assert claim.reason == "the cited passage lacks: 1891"


def test_the_refusal_cites_nothing_and_is_one(facts: Library) -> None:
    asked = ask_ollama(facts, Reply(REFUSAL))
    assert asked.answer.refused
    assert asked.answer.text == REFUSAL
    (claim,) = asked.answer.claims
    assert (claim.citations, claim.support, claim.verdict) == ((), None, "not checkable")


def test_an_answer_with_a_claim_is_no_refusal(facts: Library) -> None:
    assert not ask_ollama(facts).answer.refused


def test_the_options_go_over_the_wire_and_onto_the_receipt(facts: Library) -> None:
    with ScriptedOllama(models=["m"], replies=[Reply(TEXT)]) as server:
        settings = AnswerSettings(
            ollama_url=server.url, context_tokens=5000, answer_tokens=300, temperature=0.5, seed=7
        )
        answer = ask(facts, QUESTION, spec="ollama:m", settings=settings).answer
        (request,) = server.requests_to("/api/chat")
    options = {"num_ctx": 4096, "num_predict": 300, "temperature": 0.5, "seed": 7}
    assert request.body["options"].items() >= options.items()
    assert request.body["model"] == "m"
    assert answer.receipt.calls[0].options == options


def test_the_window_is_never_longer_than_the_models_own(facts: Library) -> None:
    with ScriptedOllama(models=["m"], replies=[Reply(TEXT)], context_length=4096) as server:
        settings = AnswerSettings(ollama_url=server.url, context_tokens=50_000)
        ask(facts, QUESTION, spec="ollama:m", settings=settings)
        (request,) = server.requests_to("/api/chat")
    assert request.body["options"]["num_ctx"] == 4096


def test_the_window_grows_with_the_prompt_and_never_shrinks() -> None:
    with ScriptedOllama(models=["m"], replies=[Reply(TEXT)], context_length=20_000) as server:
        settings = AnswerSettings(ollama_url=server.url, context_tokens=50_000)
        model = served_model("ollama:m", settings)
        for words in (10, 3000, 10, 18_000):
            list(model.stream([Message("user", "word " * words)], Sampling(500)))
        requests = server.requests_to("/api/chat")
    assert [one.body["options"]["num_ctx"] for one in requests] == [4096, 8192, 8192, 20_000]


def test_a_model_that_can_think_is_asked_to_and_its_thought_comes_apart(facts: Library) -> None:
    replies = [Reply(TEXT, thinking="Bridges open.")]
    with ScriptedOllama(
        models=["m"], replies=replies, capabilities=("completion", "thinking")
    ) as server:
        asked = ask(
            facts, QUESTION, spec="ollama:m", settings=AnswerSettings(ollama_url=server.url)
        )
        (request,) = server.requests_to("/api/chat")
    assert request.body["think"] is True
    assert asked.answer.text == TEXT
    assert asked.answer.receipt.calls[0].thought == "Bridges open."


def test_the_prompt_that_is_sent_holds_the_passages_and_the_question(facts: Library) -> None:
    with ScriptedOllama(models=["m"], replies=[Reply(TEXT)]) as server:
        settings = AnswerSettings(ollama_url=server.url)
        answer = ask(facts, QUESTION, spec="ollama:m", settings=settings).answer
        (request,) = server.requests_to("/api/chat")
    system, user = request.body["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert REFUSAL in system["content"]
    assert f"Question: {QUESTION}" in user["content"]
    assert len({id for one in answer.passages for id in one.joined or (one.id,)}) >= 8
    for number, passage in enumerate(answer.passages, 1):
        assert f"[{number}] {passage.title}, page {passage.page}\n{passage.text}" in user["content"]
    sent = (Message("system", system["content"]), Message("user", user["content"]))
    assert answer.receipt.calls[0].messages == sent


def test_the_reply_may_depend_on_the_prompt_that_was_really_sent(facts: Library) -> None:
    def echo(body: Body) -> Reply:
        (line,) = [row for row in body["messages"][-1]["content"].splitlines() if "rivets" in row
                   and row.startswith("Some")]  # fmt: skip
        return Reply(f"{line} [1]")

    with ScriptedOllama(models=["m"], replies=[echo]) as server:
        settings = AnswerSettings(ollama_url=server.url)
        question = "How many rivets hold the Forth Bridge together?"
        answer = ask(facts, question, spec="ollama:m", settings=settings).answer
    assert answer.text == "Some 6,500,000 rivets hold the Forth Bridge together. [1]"
    assert answer.claims[0].citations[0].page == 3


def test_the_receipt_has_the_servers_counts_and_the_prompts_fingerprint(facts: Library) -> None:
    asked = ask_ollama(facts, Reply(TEXT, prompt_tokens=321))
    receipt = asked.answer.receipt
    assert (receipt.prompt_tokens, receipt.answer_tokens) == (321, len(TEXT.split()) + 1)
    assert receipt.model == "ollama:m"
    (call,) = receipt.calls
    assert call.prompts == {"answer": load_prompt("answer").fingerprint}
    assert (call.step, call.text, call.thought) == ("answer", TEXT, "")
    assert [used.id for used in receipt.passages] == [found.id for found in asked.answer.passages]
    assert receipt.passages_left_out == 0
    assert receipt.seconds_to_first_token is not None
    assert 0 < receipt.seconds_to_find <= receipt.seconds_to_first_token <= receipt.seconds


def test_thinking_is_no_part_of_the_answer(facts: Library) -> None:
    asked = ask_ollama(facts, Reply(TEXT, thinking="First I think about it."))
    assert asked.answer.text == TEXT


def test_an_empty_library_is_a_refusal_and_the_model_is_not_asked(empty_library: Library) -> None:
    with ScriptedOllama(models=["m"], replies=[Reply(TEXT)]) as server:
        settings = AnswerSettings(ollama_url=server.url)
        answer = ask(empty_library, QUESTION, spec="ollama:m", settings=settings).answer
        assert server.requests_to("/api/chat") == []
    assert (answer.refused, answer.text, answer.passages) == (True, REFUSAL, ())


def test_the_steps_say_what_they_did(facts: Library) -> None:
    question = "  When was \n it opened? "
    understood, chosen, found, composed = ask_ollama(facts, question=question).events[:4]
    assert chosen == Chosen("direct")
    assert isinstance(understood, Understood)
    assert understood.question == "When was it opened?"
    assert isinstance(found, Found)
    assert isinstance(composed, Composed)
    assert composed.unwidened == found.passages


def test_invoking_the_chain_gives_its_last_event(facts: Library) -> None:
    from app.chain import build_chain
    from app.models.extractive import ExtractiveModel

    done = build_chain(facts, ExtractiveModel(facts), AnswerSettings()).invoke(Ask(QUESTION))
    assert isinstance(done, Done)
    assert done.answer.claims[0].citations[0].page == 1


def test_only_the_documents_that_are_asked_for_are_searched(facts: Library) -> None:
    moss = facts.find_document("moss.pdf")
    with ScriptedOllama(models=["m"], replies=[Reply(TEXT)]) as server:
        settings = AnswerSettings(ollama_url=server.url)
        asked = ask(facts, QUESTION, spec="ollama:m", settings=settings, documents=(moss.id,))
    assert {passage.document for passage in asked.answer.passages} == {"moss.pdf"}
