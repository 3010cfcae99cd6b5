"""The laboratory: NumPy experiments whose results the articles cite. It knows nothing of MkDocs or Markdown."""
