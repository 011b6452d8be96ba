"""Question -> answer: search, models, grounding, web pages and the command line.

``app.chain.build_chain`` makes the one Runnable that the page, the command line and eval consume.
"""
