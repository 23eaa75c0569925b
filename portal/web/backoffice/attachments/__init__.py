"""The files of a case for staff: as they are shown, and as they came in."""
