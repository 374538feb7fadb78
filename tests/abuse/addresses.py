"""Addresses of routes, with an example for each parameter."""

import re


def address(path: str) -> str:
    return re.sub(r"\{\w+\}", "1", path.replace("{user_id}", "me"))
