"""The documentation, and the builder that makes PDFs of the handbook in app/handbook."""
