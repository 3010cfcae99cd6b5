"""The Japanese of the pages, read by textlint: the presets' rules, and our own for habits that these let pass.

    python -m tests.prose [FILES…]

standin.py writes a page as its readers see it, config.mjs says which rules there are and why one is relaxed, and
habits.mjs and endings.mjs are our own. Node is needed for this check only.
"""
