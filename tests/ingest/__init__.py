"""Tests of ``ingest``, with real PDFs, stores, worker processes and the bundled embedder."""
