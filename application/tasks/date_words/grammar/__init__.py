"""The grammar of date words: what phrases there are, as tables, and what each means."""
