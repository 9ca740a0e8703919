"""What is known of a program's effect: read by evaluate, which finds it, and check, which uses it.

study_file    a study file and its fields, each by its type
cells         arithmetic of published changes of groups: how small a scatter would have to be
published     the cells that a study published, and which pairs of them compare what
read_cells    such cells out of a study file
shipped       studies that come with the package
found         what a study found, in the form that a claim is held against
"""
