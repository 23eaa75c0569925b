"""The routines of the profile for staff: when each was followed up, and the form of a follow-up."""
