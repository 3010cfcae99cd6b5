"""One file a question. This folder is the registry: a file that is here is run, and nothing else is."""
