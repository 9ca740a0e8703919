"""What a grant asked for, and what courts made of it, on any date.

conditions.toml      what each program asked for in each year, with authority and citation
events.toml          imposed, enjoined, stayed, reversed: each with date, actor, citation
jurisdictions.toml   who runs the jail
records              one condition, one event, one finding
entries, tables      the files, read with suspicion
status               from events to a status: the arithmetic, and nothing else
reasons              the sentences that say why
ask                  program, year, place, day -> answer; the history of a place; the timeline
"""
