"""Fault reports on the public pages: the question whether a fault is reported already."""
