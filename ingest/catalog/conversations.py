"""Conversations: what was asked, what was answered, and what was said of the answers.

They are kept beside the documents since a forget has to find in them what they tell of one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ingest.catalog.connection import Connection
from ingest.records import ConversationRecord, ExchangeRecord, OpinionRecord

TITLE = (
    "coalesce(nullif(title, ''), (SELECT question FROM exchanges"
    " WHERE conversation = conversations.id ORDER BY place, asked LIMIT 1), '')"
)
COLUMNS = (
    "id", "conversation", "place", "asked", "question", "choices", "state", "text", "answer",
    "error",
)  # fmt: skip
EXCHANGE = (
    f"SELECT {', '.join(COLUMNS)}, (SELECT json_group_array(document) FROM exchange_documents"
    " WHERE exchange = exchanges.id), good, reason, correction, document, page, answerable, given"
    " FROM exchanges LEFT JOIN opinions ON opinions.exchange = exchanges.id"
)
GONE = "A document that was read for the answer has gone meanwhile; ask again."


class Conversations(Connection):
    """The tables of conversations; what asks for an owner sees no other's.

    All else goes by id: where a visitor names one, ask ``holds_conversation`` first.
    """

    def conversations(self, owner: str, *, search: str = "") -> list[ConversationRecord]:
        """The conversations of an owner, the last used first.

        ``search`` keeps those that have all of its words, in any case, in title, questions or
        answers.
        """
        having = [
            f"(instr(casefold({TITLE}), ?) OR EXISTS (SELECT 1 FROM exchanges WHERE"
            " conversation = conversations.id AND instr(casefold(question || ' ' || text), ?)))"
            for _ in search.split()
        ]
        words = [word for word in search.casefold().split() for _ in range(2)]
        rows = self.rows(
            f"SELECT id, {TITLE}, started, (SELECT max(asked) FROM exchanges"
            " WHERE conversation = conversations.id) AS changed FROM conversations"
            f" WHERE {' AND '.join(['owner = ?', *having])} ORDER BY changed DESC, started DESC",
            owner, *words,
        )  # fmt: skip
        return [ConversationRecord(id, title, a, b or a) for id, title, a, b in rows]

    def holds_conversation(self, id: str, owner: str) -> bool:
        """Whether an owner has this conversation."""
        found = "SELECT 1 FROM conversations WHERE id = ? AND owner = ?"
        return bool(self.rows(found, id, owner))

    def add_conversation(self, id: str, owner: str, started: float, title: str = "") -> None:
        """Begin a conversation."""
        self.run("INSERT INTO conversations VALUES (?, ?, ?, ?)", id, owner, title, started)

    def name_conversation(self, id: str, title: str) -> None:
        """Give a conversation a title; an empty one takes it away."""
        self.run("UPDATE conversations SET title = ? WHERE id = ?", title, id)

    def remove_conversation(self, id: str) -> None:
        """Remove a conversation with all that was asked in it."""
        self.run("DELETE FROM conversations WHERE id = ?", id)

    def exchanges(self, conversation: str) -> list[ExchangeRecord]:
        """What was asked in a conversation, in its order, variants the oldest first."""
        rows = self.rows(f"{EXCHANGE} WHERE conversation = ? ORDER BY place, asked", conversation)
        return [_exchange(row) for row in rows]

    def exchange_ids(self, conversation: str) -> list[str]:
        """The ids of ``exchanges``, in the same order."""
        found = "SELECT id FROM exchanges WHERE conversation = ? ORDER BY place, asked"
        return [id for (id,) in self.rows(found, conversation)]

    def exchange(self, id: str) -> ExchangeRecord | None:
        """One exchange, or None."""
        rows = self.rows(f"{EXCHANGE} WHERE id = ?", id)
        return _exchange(rows[0]) if rows else None

    def add_exchange(self, exchange: ExchangeRecord) -> None:
        """Take down what has just been asked."""
        self.run(
            "INSERT INTO exchanges VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            exchange.id, exchange.conversation, exchange.place, exchange.asked, exchange.question,
            exchange.choices, exchange.state, exchange.text, exchange.answer, exchange.error,
        )  # fmt: skip

    def copy_exchange(self, id: str, new: str, conversation: str) -> None:
        """Put a copy of an exchange, its opinion aside, under another id into a conversation."""
        rest = ", ".join(COLUMNS[2:])
        with self.transaction():
            self.run(
                f"INSERT INTO exchanges SELECT ?, ?, {rest} FROM exchanges WHERE id = ?",
                new, conversation, id,
            )  # fmt: skip
            self.run(
                "INSERT INTO exchange_documents"
                " SELECT ?, document FROM exchange_documents WHERE exchange = ?",
                new, id,
            )  # fmt: skip

    def update_exchange(self, exchange: ExchangeRecord) -> None:
        """Take down how far an answer is, or how it ended; one that was removed stays removed.

        Of an answer from a document that has gone meanwhile only that is kept: it may have been
        forgotten a moment ago.
        """
        with self.transaction():
            if not all(self._is_there(document) for document in exchange.documents):
                exchange = replace(exchange, state="failed", text="", answer="", error=GONE)
            self.run(
                "UPDATE exchanges SET state = ?, text = ?, answer = ?, error = ? WHERE id = ?",
                exchange.state, exchange.text, exchange.answer, exchange.error, exchange.id,
            )  # fmt: skip
            if exchange.text or exchange.answer:
                self.run_many(
                    "INSERT OR IGNORE INTO exchange_documents"
                    " SELECT id, ? FROM exchanges WHERE id = ?",
                    [(document, exchange.id) for document in exchange.documents],
                )

    def set_opinion(self, exchange: str, opinion: OpinionRecord | None) -> None:
        """Take down what is said of an answer, in the place of what was; None takes it back."""
        with self.transaction():
            self.run("DELETE FROM opinions WHERE exchange = ?", exchange)
            if opinion is not None:
                self.run(
                    "INSERT INTO opinions SELECT id, ?, ?, ?, ?, ?, ?, ? FROM exchanges"
                    " WHERE id = ?",
                    int(opinion.good), opinion.reason, opinion.correction, opinion.document,
                    opinion.page, int(opinion.answerable), opinion.given, exchange,
                )  # fmt: skip

    def all_exchanges(self) -> list[ExchangeRecord]:
        """Every exchange of everybody, the oldest first."""
        return [_exchange(row) for row in self.rows(f"{EXCHANGE} ORDER BY asked")]

    def given_titles(self) -> dict[str, str]:
        """The titles that conversations were given, by the conversation's id."""
        return dict(self.rows("SELECT id, title FROM conversations WHERE title <> ''"))

    # Inside a transaction

    def _is_there(self, document: str) -> bool:
        return bool(self.rows("SELECT 1 FROM documents WHERE id = ?", document))

    def _forget_exchanges(
        self, documents: Sequence[str], exchanges: Sequence[str], titles: Sequence[str]
    ) -> None:
        """Remove what was shown these documents, these exchanges, and what is then empty."""
        for document in documents:
            self.run(
                "DELETE FROM exchanges WHERE id IN"
                " (SELECT exchange FROM exchange_documents WHERE document = ?)",
                document,
            )
        self.run_many("DELETE FROM exchanges WHERE id = ?", [(id,) for id in exchanges])
        self.run_many("UPDATE conversations SET title = '' WHERE id = ?", [(id,) for id in titles])
        self.run(
            "DELETE FROM conversations WHERE NOT EXISTS"
            " (SELECT 1 FROM exchanges WHERE conversation = conversations.id)"
        )


def _exchange(row: tuple[Any, ...]) -> ExchangeRecord:
    documents, good, reason, correction, document, page, answerable, given = row[len(COLUMNS) :]
    opinion = None
    if good is not None:
        opinion = OpinionRecord(
            bool(good), reason, correction, document, page, bool(answerable), given
        )
    return ExchangeRecord(
        **dict(zip(COLUMNS, row, strict=False)),
        documents=tuple(json.loads(documents)),
        opinion=opinion,
    )
