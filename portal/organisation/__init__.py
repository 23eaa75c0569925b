"""The municipality: profile file, boards, administrations, units, topics, calendar, theme."""
