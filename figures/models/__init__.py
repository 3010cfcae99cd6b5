"""The models of the blog in pure NumPy: one idea a file, the formula at the top."""
