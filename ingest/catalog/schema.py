"""The tables of the catalog, and the way from an older format to this one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

SCHEMA_VERSION = "5"

SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
    id TEXT PRIMARY KEY,          -- sha256 of the source file's bytes
    title TEXT NOT NULL,
    pages INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    reader TEXT NOT NULL,         -- what read the file: pdfium, pypdf and so on
    added REAL NOT NULL           -- seconds since 1970
);
CREATE TABLE files (
    path TEXT PRIMARY KEY,        -- absolute
    name TEXT NOT NULL,           -- what users see: the path below the folder that was ingested
    document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL     -- nanoseconds
);
CREATE INDEX files_by_document ON files(document);
CREATE TABLE pages (
    document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,      -- from 1
    label TEXT NOT NULL,          -- as printed
    text TEXT NOT NULL,
    method TEXT NOT NULL,         -- how the text was had: text layer, OCR, both, none
    places TEXT NOT NULL,         -- JSON: [[start, end, [left, bottom, right, top]], ...]
    PRIMARY KEY (document, number)
) WITHOUT ROWID;
CREATE TABLE ledger (
    document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    page INTEGER NOT NULL,
    method TEXT NOT NULL,         -- as in pages
    characters INTEGER NOT NULL,  -- that are not white space
    chunks INTEGER NOT NULL,      -- that begin on the page
    tokens INTEGER NOT NULL,      -- of those chunks, headers counted in
    left_out TEXT NOT NULL,       -- JSON: [[reason, text], ...]
    PRIMARY KEY (document, page)
) WITHOUT ROWID;
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    first_page INTEGER NOT NULL,
    last_page INTEGER NOT NULL,
    page_break INTEGER NOT NULL,  -- where in the text the last page begins
    start INTEGER NOT NULL,       -- character span in the pages joined by a form feed
    end INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    title TEXT NOT NULL,
    trail TEXT NOT NULL,
    text TEXT NOT NULL,
    fingerprint TEXT NOT NULL     -- of what is embedded: equal where the vectors are
);
CREATE INDEX chunks_by_document ON chunks(document, ordinal);
CREATE INDEX chunks_by_fingerprint ON chunks(fingerprint);
CREATE VIRTUAL TABLE chunk_index USING fts5(
    title, trail, text, content='chunks', content_rowid='number',
    tokenize='porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE chunk_terms USING fts5vocab(chunk_index, 'row');
CREATE TRIGGER chunk_added AFTER INSERT ON chunks BEGIN
    INSERT INTO chunk_index(rowid, title, trail, text)
    VALUES (new.number, new.title, new.trail, new.text);
END;
CREATE TRIGGER chunk_removed AFTER DELETE ON chunks BEGIN
    INSERT INTO chunk_index(chunk_index, rowid, title, trail, text)
    VALUES ('delete', old.number, old.title, old.trail, old.text);
END;
CREATE TABLE unsettled (document TEXT PRIMARY KEY);  -- whose vectors may lack a catalog entry
"""

# A second index, of scripts that the first one does not cut. It keeps no text of its own.
PIECES = """
CREATE VIRTUAL TABLE piece_index USING fts5(pieces, content='', tokenize='unicode61');
CREATE TRIGGER chunk_pieces_added AFTER INSERT ON chunks WHEN letter_pieces(new.text) <> '' BEGIN
    INSERT INTO piece_index(rowid, pieces) VALUES (new.number, letter_pieces(new.text));
END;
CREATE TRIGGER chunk_pieces_removed AFTER DELETE ON chunks WHEN letter_pieces(old.text) <> '' BEGIN
    INSERT INTO piece_index(piece_index, rowid, pieces)
    VALUES ('delete', old.number, letter_pieces(old.text));
END;
"""
FILL_PIECES = """
INSERT INTO piece_index(rowid, pieces)
SELECT number, letter_pieces(text) FROM chunks WHERE letter_pieces(text) <> '';
"""

# What names a document, kept in step by triggers. Their functions are those of the connection:
# each gives the words of a text as a JSON list.
NAMES = """
CREATE TABLE document_words (
    word TEXT NOT NULL,           -- lower case, periods written in one way
    document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    of_name INTEGER NOT NULL,     -- 1: of the title or a file's name; 0: of the first page
    PRIMARY KEY (word, document, of_name)
) WITHOUT ROWID;
CREATE INDEX document_words_by_document ON document_words(document, of_name);
CREATE TRIGGER file_added AFTER INSERT ON files BEGIN
    INSERT OR IGNORE INTO document_words
    SELECT value, new.document, 1 FROM json_each(name_words(new.name));
    INSERT OR IGNORE INTO document_words
    SELECT value, new.document, 1 FROM documents, json_each(name_words(title))
    WHERE documents.id = new.document;
END;
CREATE TRIGGER file_removed AFTER DELETE ON files BEGIN
    DELETE FROM document_words WHERE document = old.document AND of_name = 1;
    INSERT OR IGNORE INTO document_words
    SELECT value, old.document, 1 FROM files, json_each(name_words(name))
    WHERE files.document = old.document;
    INSERT OR IGNORE INTO document_words
    SELECT value, old.document, 1 FROM documents, json_each(name_words(title))
    WHERE documents.id = old.document;
END;
CREATE TRIGGER first_page_added AFTER INSERT ON pages WHEN new.number = 1 BEGIN
    INSERT OR IGNORE INTO document_words
    SELECT value, new.document, 0 FROM json_each(opening_words(new.text));
END;
"""

# These are the user's, and a rebuild leaves them where they are. It drops the documents and brings
# them again, so a document is no foreign key here: what cites one is removed with it by hand.
EXEMPLARS = """
CREATE TABLE exemplars (
    id TEXT PRIMARY KEY,          -- hash of question, answer and what it cites
    question TEXT NOT NULL,
    answer TEXT NOT NULL,         -- its marks are the numbers of passages below
    added REAL NOT NULL,          -- seconds since 1970
    embedder TEXT NOT NULL DEFAULT '',  -- that the vector is of; empty: it is still to be made
    vector BLOB NOT NULL DEFAULT x''    -- the question's: numbers of four bytes, the lowest first
);
CREATE TABLE exemplar_passages (
    exemplar TEXT NOT NULL REFERENCES exemplars(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,      -- from 1
    document TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (exemplar, number)
) WITHOUT ROWID;
"""

# The user's as well. What was asked stays when a document goes; a forget takes what has told of it.
CONVERSATIONS = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,          -- who asks; empty: the one person who runs the program
    title TEXT NOT NULL,          -- empty: the first question is the title
    started REAL NOT NULL         -- seconds since 1970
);
CREATE INDEX conversations_by_owner ON conversations(owner);
CREATE TABLE exchanges (
    id TEXT PRIMARY KEY,
    conversation TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    place INTEGER NOT NULL,       -- in the conversation, from 1; several at one are variants
    asked REAL NOT NULL,          -- seconds since 1970
    question TEXT NOT NULL,
    choices TEXT NOT NULL,        -- JSON: who was asked, how, and of what
    state TEXT NOT NULL,          -- running, answered, failed, stopped
    text TEXT NOT NULL,           -- what has come of the answer
    answer TEXT NOT NULL,         -- JSON: the answer whole; empty: there is none
    error TEXT NOT NULL
);
CREATE INDEX exchanges_by_conversation ON exchanges(conversation, place, asked);
CREATE TABLE exchange_documents (  -- what the model was shown
    exchange TEXT NOT NULL REFERENCES exchanges(id) ON DELETE CASCADE,
    document TEXT NOT NULL,
    PRIMARY KEY (exchange, document)
) WITHOUT ROWID;
CREATE INDEX exchange_documents_by_document ON exchange_documents(document);
CREATE TABLE opinions (
    exchange TEXT PRIMARY KEY REFERENCES exchanges(id) ON DELETE CASCADE,
    good INTEGER NOT NULL,        -- 1: the answer is good; 0: it is wrong
    reason TEXT NOT NULL,
    correction TEXT NOT NULL,     -- what would have been right
    document TEXT NOT NULL,       -- name of the one that holds it; empty: not said
    page INTEGER NOT NULL,        -- from 1; 0: not said
    answerable INTEGER NOT NULL,  -- 0: the documents do not answer
    given REAL NOT NULL           -- seconds since 1970
);
"""

# What holds content, those that refer to others first, so that they can be dropped in this order.
TABLES = (
    "chunk_terms", "chunk_index", "piece_index", "chunks", "document_words", "ledger", "pages",
    "files", "documents", "unsettled", "facts",
)  # fmt: skip
COPIED = ("documents", "files", "pages", "ledger", "chunks")

ADDITIONS = {  # upgrades that leave all that is there as it is: done when a library is opened
    "2": f"{EXEMPLARS}UPDATE facts SET value = '3' WHERE name = 'schema';\n",
    "3": f"""{NAMES}{PIECES}{FILL_PIECES}
INSERT OR IGNORE INTO document_words
SELECT value, files.document, 1 FROM files, json_each(name_words(files.name));
INSERT OR IGNORE INTO document_words
SELECT value, documents.id, 1 FROM documents, json_each(name_words(title));
INSERT OR IGNORE INTO document_words
SELECT value, document, 0 FROM pages, json_each(opening_words(text)) WHERE number = 1;
UPDATE facts SET value = '4' WHERE name = 'schema';
""",
    "4": f"{CONVERSATIONS}UPDATE facts SET value = '5' WHERE name = 'schema';\n",
}
UPGRADES = {  # from a version: what makes it the one after it
    "1": """
ALTER TABLE pages ADD COLUMN method TEXT NOT NULL DEFAULT 'text layer';
ALTER TABLE pages ADD COLUMN places TEXT NOT NULL DEFAULT '[]';
ALTER TABLE chunks ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '';
CREATE INDEX chunks_by_fingerprint ON chunks(fingerprint);
ALTER TABLE ledger ADD COLUMN left_out TEXT NOT NULL DEFAULT '[]';
UPDATE ledger SET method = 'text layer' WHERE method = 'text';
UPDATE pages SET method = 'none' WHERE trim(text) = '';
UPDATE facts SET value = '2' WHERE name = 'schema';
""",
    **ADDITIONS,
}


def statements(script: str) -> Iterator[str]:
    """The statements of a script, so that they can run inside one transaction."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
