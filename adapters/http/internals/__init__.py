"""Code that relies on internals of Litestar and uvicorn. docs/internals.md gives the reasons."""
