"""Small data sets and generators, each with its source, licence or formula."""
