"""Does each thing really work? It is done, one thing after another, and what fails says what to do.

``examination.examine`` is the room's front door; ``citebound doctor`` and the page Doctor show it.
"""
