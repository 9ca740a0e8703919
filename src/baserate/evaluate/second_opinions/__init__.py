"""Second opinions: the same estimate by a library that others keep, where one has the same design.

opinion          what a library said beside our number, and how far apart the two are
by_diff_diff     one function a design, arrays in and an effect out, by diff-diff
by_statsmodels   the same by statsmodels
registry         which row of the table is asked of which library, as plain data
asking           asks them, quietly, and only what is installed

A row is here only where the library estimates the same thing; a wrong comparison is worse than
none.
"""
