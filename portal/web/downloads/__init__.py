"""What a sender saves of their case: its promised days as a calendar file, and the receipt."""
