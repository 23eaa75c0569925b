"""The figures inside: exact ones for those who answer for them, by any group and with the year before."""
