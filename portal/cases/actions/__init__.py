"""The commands that change an existing case, one for each action of the transition table."""
