"""The free texts of the survey: for heads and for the records."""
