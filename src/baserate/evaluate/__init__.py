"""Did it work: several honest designs, side by side.

study         the file that says what is asked, of whom and when
panel         one number for every unit and period; `from_store` and `files` make it
threats       what could be mistaken for an effect, looked for first
designs       a panel put in front of each design, one row of the table for each
evaluation    the road from a study to what its designs say
inference, differences, staggered, counts, series, synthetic, small_areas
              the designs themselves, which know arrays alone
"""
