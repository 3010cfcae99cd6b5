"""Where MkDocs meets the laboratory: one file per capability, named by its verb, each listed in mkdocs.yml."""
