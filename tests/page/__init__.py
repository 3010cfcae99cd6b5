"""What a reader's machine has to load and bear, measured on the built site and compared with the goals.

    python -m tests.page [SITE] [--json] [--budgets]

Without SITE the site is built first; it is then served from this machine as a web host would (serve.py). A file here is
one instrument, and each returns rows of name, value and goal: Lighthouse's scores (lighthouse.py), axe's rules
(axe.py), what a first visit loads (visit.py), the Content-Security-Policy in use (policy.py), and inline figures
(figure.py). Which of them look at which page stands in measure.py.
"""
