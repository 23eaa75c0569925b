"""The words of pages for senders."""
