"""Imports over HTTP, and what refuses them."""

import httpx

IMPORT = "/api/users/me/import"
JSON, CSV = {"Content-Type": "application/json"}, {"Content-Type": "text/csv; charset=utf-8"}
GOOD = b"TYPE,CONTENT,DESCRIPTION\ntask,a,b\n"


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    detail = answer.json()["detail"]
    return answer.status_code, detail["code"], detail["message"]
