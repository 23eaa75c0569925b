"""Authority: which units and which board a case belongs to, and its secrecy."""
