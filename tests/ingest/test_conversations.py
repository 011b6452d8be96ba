"""Conversations are one person's, are found again, and tell nothing of what was forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.catalog.conversations import GONE
from ingest.forget import forget
from ingest.library import Library
from ingest.pipeline import ingest_folder
from ingest.records import ExchangeRecord, OpinionRecord
from tests.pdfs import write_pdf

SECRET = "The password of the old lighthouse is marzipan."  # noqa: S105
HERON = "The grey heron waits in the reeds for a fish."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    write_pdf(tmp_path / "pdfs" / "secret.pdf", [[SECRET]])
    write_pdf(tmp_path / "pdfs" / "heron.pdf", [[HERON]])
    with Library.open(tmp_path / "library", create=True) as opened:
        ingest_folder(tmp_path / "pdfs", opened)
        yield opened


def ask(
    library: Library, conversation: str, question: str, text: str, *shown: str, id: str = ""
) -> ExchangeRecord:
    """Ask something in a conversation, which is begun where it is not there yet."""
    catalog = library.catalog
    if not catalog.holds_conversation(conversation, "ada"):
        catalog.add_conversation(conversation, "ada", 1.0)
    place = 1 + len(catalog.exchanges(conversation))
    documents = tuple(library.find_document(name).id for name in shown)
    asked = ExchangeRecord(
        id or f"{conversation}-{place}", conversation, place, 10.0 + place, question, "{}",
        "running",
    )  # fmt: skip
    catalog.add_exchange(asked)
    done = ExchangeRecord(
        asked.id, conversation, place, asked.asked, question, "{}", "answered", text,
        f'{{"text": "{text}"}}', documents=documents,
    )  # fmt: skip
    catalog.update_exchange(done)
    return done


def titles(library: Library, search: str = "", *, owner: str = "ada") -> list[str]:
    return [one.title for one in library.catalog.conversations(owner, search=search)]


def test_what_was_asked_comes_back_in_its_order(library: Library) -> None:
    first = ask(library, "c", "Who waits?", "A heron [1].", "heron.pdf")
    second = ask(library, "c", "For what?", "For a fish [1].", "heron.pdf")
    assert library.catalog.exchanges("c") == [first, second]
    assert library.catalog.exchange(second.id) == second
    assert library.catalog.exchange("another") is None


def test_nobody_sees_anothers_conversations(library: Library) -> None:
    ask(library, "c", "Who waits?", "A heron.")
    assert titles(library) == ["Who waits?"]
    assert titles(library, owner="bob") == titles(library, owner="") == []
    assert not library.catalog.holds_conversation("c", "bob")


def test_the_last_used_comes_first_and_words_find_it(library: Library) -> None:
    ask(library, "old", "Who waits?", "A heron in the REEDS.")
    ask(library, "new", "What opens?", "Marzipan.")
    ask(library, "old", "For what?", "A fish.")
    assert titles(library) == ["Who waits?", "What opens?"]
    assert titles(library, "reeds heron") == ["Who waits?"]
    assert titles(library, "OPENS") == ["What opens?"]
    assert titles(library, "heron marzipan") == titles(library, "%") == []


def test_words_are_found_in_any_case_of_any_alphabet(library: Library) -> None:
    ask(library, "german", "Über Äpfel?", "In der STRASSE.")
    ask(library, "russian", "Кто там?", "ПРИВЕТ всем.")
    assert titles(library, "über ÄPFEL") == titles(library, "Straße") == ["Über Äpfel?"]
    assert titles(library, "привет") == titles(library, "Привет кТО") == ["Кто там?"]
    library.catalog.name_conversation("german", "ÖL")
    assert titles(library, "öl") == ["ÖL"]


def test_a_conversation_is_named_and_removed(library: Library) -> None:
    ask(library, "c", "Who waits?", "A heron.")
    library.catalog.name_conversation("c", "Birds")
    assert titles(library) == titles(library, "bird") == ["Birds"]
    library.catalog.name_conversation("c", "")
    assert titles(library) == ["Who waits?"]
    library.catalog.remove_conversation("c")
    assert not titles(library)
    assert not library.catalog.all_exchanges()


def test_an_answer_that_ends_after_its_conversation_was_removed_is_dropped(
    library: Library,
) -> None:
    asked = ask(library, "c", "Who waits?", "A heron.")
    library.catalog.remove_conversation("c")
    library.catalog.update_exchange(asked)
    assert library.catalog.all_exchanges() == []


def test_an_answer_from_a_document_that_has_gone_meanwhile_is_not_kept(library: Library) -> None:
    asked = ask(library, "c", "What opens?", "", "secret.pdf")
    with library.writing():
        library.remove(library.find_document("secret.pdf").id)
    late = ExchangeRecord(
        asked.id, "c", 1, asked.asked, asked.question, "{}", "answered", "Marzipan.", "{}",
        documents=asked.documents,
    )  # fmt: skip
    library.catalog.update_exchange(late)
    kept = library.catalog.exchange(asked.id)
    assert kept is not None
    assert (kept.state, kept.text, kept.answer, kept.error) == ("failed", "", "", GONE)


def test_an_opinion_is_given_changed_and_taken_back(library: Library) -> None:
    asked = ask(library, "c", "Who waits?", "A fish.", "heron.pdf")
    wrong = OpinionRecord(False, "it is the heron", "A heron.", "heron.pdf", 1, False, 5.0)
    for opinion in (OpinionRecord(True, given=4.0), wrong, None):
        library.catalog.set_opinion(asked.id, opinion)
        kept = library.catalog.exchange(asked.id)
        assert kept is not None
        assert kept.opinion == opinion


def test_a_document_that_is_removed_leaves_old_answers_as_they_are(library: Library) -> None:
    asked = ask(library, "c", "What opens?", "Marzipan.", "secret.pdf")
    with library.writing():
        library.remove(library.find_document("secret.pdf").id)
    assert library.catalog.exchanges("c") == [asked]


def test_a_forget_takes_all_that_tells_of_the_document(library: Library) -> None:
    ask(library, "shown", "What opens the tower?", "Almond paste.", "secret.pdf", "heron.pdf")
    ask(library, "told", "Is it true?", f"They say: {SECRET}", "heron.pdf")
    ask(library, "asked", f"{SECRET} True?", "No.", "heron.pdf")
    judged = ask(library, "judged", "Who?", "Nobody.", "heron.pdf")
    library.catalog.set_opinion(judged.id, OpinionRecord(False, correction=SECRET))
    ask(library, "stays", "What opens the tower?", "Nothing.", "secret.pdf")
    stays = ask(library, "stays", "Who waits?", f"{HERON} [1]", "heron.pdf")
    library.catalog.name_conversation("stays", SECRET)
    with library.writing():
        forget(library, [library.find_document("secret.pdf")])
    assert library.catalog.all_exchanges() == [stays]
    assert titles(library) == ["Who waits?"]
    left = [path for path in library.folder.rglob("*") if path.is_file()]
    traces = (b"marzipan", b"Almond paste")
    assert not [path for path in left if any(one in path.read_bytes() for one in traces)]
