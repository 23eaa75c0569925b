"""What a sender reads in lists of their own cases: the first words of each, and their search."""
