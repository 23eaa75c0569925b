"""The list that a case was opened from: it goes along in the address of the case."""
