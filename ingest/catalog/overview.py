"""What lists and pages show of documents: how their text was had, and their chunks by page."""

from __future__ import annotations

from ingest.catalog.connection import Connection
from ingest.records import PageChunk


class Overview(Connection):
    """Documents as a whole, and pages with the chunks on them."""

    def methods(self) -> dict[str, dict[str, int]]:
        """For each document, by how many of its pages the text was had in which way."""
        found: dict[str, dict[str, int]] = {}
        rows = self.rows(
            "SELECT document, method, count(*) FROM ledger GROUP BY document, method"
            " ORDER BY document, count(*) DESC, method"
        )
        for document, method, count in rows:
            found.setdefault(document, {})[method] = count
        return found

    def methods_of(self, document: str) -> dict[str, int]:
        """By how many pages of a document the text was had in which way, the most first."""
        return dict(
            self.rows(
                "SELECT method, count(*) FROM ledger WHERE document = ? GROUP BY method"
                " ORDER BY count(*) DESC, method",
                document,
            )
        )

    def chunks_on_page(self, document: str, number: int) -> list[PageChunk]:
        """The chunks of which a part stands on this page (from 1), in order."""
        rows = self.rows(
            "WITH pages_to AS (SELECT coalesce(sum(length(text) + 1), 0) AS start FROM pages"
            " WHERE document = ?1 AND number < ?2),"
            " page AS (SELECT length(text) AS size FROM pages"
            " WHERE document = ?1 AND number = ?2)"
            " SELECT id, ordinal + 1, max(start - begin, 0), min(end - begin, size), trail,"
            " text, tokens, start < begin, end > begin + size"
            " FROM chunks, (SELECT pages_to.start AS begin, size FROM pages_to, page)"
            " WHERE document = ?1 AND start < begin + size AND end > begin ORDER BY ordinal",
            document,
            number,
        )
        return [
            PageChunk(
                id=row[0], number=row[1], start=row[2], end=row[3], trail=row[4], text=row[5],
                tokens=row[6], begins_before=bool(row[7]), goes_on=bool(row[8]),
            )
            for row in rows
        ]  # fmt: skip
