"""The FBI's NIBRS master file: fixed columns, many million lines. Needs numpy and pyarrow."""
