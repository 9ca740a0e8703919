"""Who gets what: formula grants, selection and conditions as open, dated, cited rules.

parameters, scenario     dated values with their citation; a what-if is a file of differences
jag, cents               Byrne JAG: the statute's arithmetic, to the cent
inputs, award, local     from the records to awards; `result` is what a command answers
explain                  one award, line by line
sureness, what_ifs       noise, definitions, releases, thresholds
published                what was published, to hold awards against
psn                      Project Safe Neighborhoods: a declared rule, not the department's
selection                cities by open criteria, and who met them and was not chosen
conditions               what a grant asked for, and what courts made of it, on any date
register                 who was awarded what and when, as a plain table
given                    files a user gives
"""
