"""What a published site shows, read back and held against the records: ``python -m figures verify SITE``."""
