"""The catalog of a library in SQLite: documents, pages, chunks, ledger and full-text index.

All SQL of the project is in this folder: ``schema.py`` the tables, ``connection.py`` the file,
``reading.py``, ``writing.py`` and ``catalog.py`` what is asked of it.
"""

from ingest.catalog.catalog import Catalog as Catalog
from ingest.catalog.catalog import CatalogState as CatalogState
from ingest.catalog.connection import full_text_version as full_text_version
