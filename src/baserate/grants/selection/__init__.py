"""Cities by open criteria: who meets them, by how much, how surely, and who was chosen.

criteria    one city against the nation, year by year; pure arithmetic
ranks       where each stands, with the ranks that counting noise allows
nation      what the nation's rate was, as printed then and as it stands now
candidates  every city with records, read for a window of years
declared    commitment and readiness, which somebody says and nothing computes
select      the question and what is found: the list, the chosen, the variations
"""
