"""What leans on the insides of CPython's imports and of the C library; docs/internals.md has the reasons."""
