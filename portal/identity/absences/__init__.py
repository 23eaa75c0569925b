"""Absences of staff: from when until when, who substitutes, and what is refused."""
