"""The public statistics: the page, the sentence of the start page, and open data."""
