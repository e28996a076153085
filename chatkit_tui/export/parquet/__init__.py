"""Items as Parquet for analysis: one row per item, in a folder for each month.

`pyarrow` is an extra, so it is imported only when an export begins.
"""
