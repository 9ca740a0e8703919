"""Tables that know where every number came from. DuckDB over Parquet."""
