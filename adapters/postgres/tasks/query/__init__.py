"""Converts a `TaskQuery` to statements. Queries of the same shape are compiled once, and their values are bound."""
