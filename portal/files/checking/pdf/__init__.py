"""PDFs: their objects, what these do and tell of the maker, and the document that is shown."""
