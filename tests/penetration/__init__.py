"""sqlmap and wapiti against a portal that runs on loopback."""
