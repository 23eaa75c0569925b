"""Full-text search: word analysis, the index, queries and snippets."""
