"""The page of a head: load, promises, absences and figures of units; and the absences of staff."""
