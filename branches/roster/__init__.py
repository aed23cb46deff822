"""Spreadsheets of organizations and members, read and judged row by row; nothing here writes.

`reading` turns a file into rows of text, `columns` knows what headers are called, `cells` what a
cell means, `directory` which organization a name means; `organizations` and `members` say what
each row would do. `branches.services.imports` shows that, carries it out and takes it back.
"""
