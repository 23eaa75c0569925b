"""Registration of cases by staff: the form, and the receipt with the code."""
