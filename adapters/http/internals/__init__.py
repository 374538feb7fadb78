"""What leans on the insides of Litestar and uvicorn; docs/internals.md has the reasons."""
