"""Code that relies on internals of CPython and of the C library. docs/internals.md gives the reasons."""
