"""The chat and library pages (Streamlit); ``citebound chat`` runs ``main.py``."""
