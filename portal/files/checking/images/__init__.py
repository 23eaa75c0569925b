"""Images: their parts, what these tell of the maker, and the picture that is shown."""
