"""Who gets what: formula grants, selection and conditions as open, dated, cited rules.

parameters, scenario   dated values with their citation; a what-if is a file of differences
jag                    Byrne JAG: the statute's arithmetic, its inputs, one award line by line
psn                    Project Safe Neighborhoods: a declared rule, not the department's
selection              cities by open criteria, and who met them and was not chosen
conditions             what a grant asked for, and what courts made of it, on any date
register               who was awarded what and when, as a plain table
"""
