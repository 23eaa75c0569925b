"""The two questions after a case was closed: who is asked, the answers and the free texts (decision 0022)."""
