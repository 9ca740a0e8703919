"""Cities by open criteria: who meets them, by how much, how surely, and who was chosen.

criteria    one city against the nation, year by year; pure arithmetic
ranks       where each stands, with the ranks that counting noise allows
nation      what the nation's rate was, as printed then and as it stands now
candidates  every city with records, read for a window of years
parts       what each city was to the program when a cohort was chosen
contrasts   one city of the list beside those that were chosen
declared    commitment and readiness, which somebody says and nothing computes
select      the question and what is found: the list, the chosen, the variations
"""
