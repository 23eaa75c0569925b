"""For everybody: start, sending in, the receipt, and following by code."""
