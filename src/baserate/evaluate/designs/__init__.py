"""Every design that fits a panel, each reduced to one row of the same table.

The designs themselves are pure functions on arrays, each in its own module under its paper's name;
here a panel is put in front of each, and what it cannot be asked says why.

estimate   one row of the table, with what a picture of it needs
asking     what every design asks of a panel
table      the designs, in the order of the table
differences, staggered, counts, synthetic, series
           one function a design: a panel and a study in, a row out
"""
