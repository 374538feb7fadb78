"""The grammar of date words: tables of phrases with their meanings."""
