"""One module a form of claim: each asks the records and compares with what was asserted."""
