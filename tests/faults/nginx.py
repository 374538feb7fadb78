"""nginx in front of servers, with our own configuration's way of passing on."""

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.faults.servers import END_SECONDS, free_port

PROGRAM = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
DEPLOYED = Path(__file__).parents[2] / "deploy" / "nginx.conf"
AROUND = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{deployed}
}}
"""


def configuration(folder: Path, port: int, upstreams: Sequence[int]) -> str:
    """As it is deployed, without TLS, and without the limits of one address, as here all come from one."""
    deployed = re.sub(r"^ *(ssl|limit)_.*\n", "", DEPLOYED.read_text("utf-8"), flags=re.MULTILINE)
    deployed = deployed.replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    one = re.search(r"^ *server 127\.0\.0\.1:8000(.*);$", deployed, re.MULTILINE)
    assert one
    servers = "\n".join(f"    server 127.0.0.1:{upstream}{one[1]};" for upstream in upstreams)
    return AROUND.format(folder=folder, deployed=deployed.replace(one[0], servers))


@asynccontextmanager
async def nginx(upstreams: Sequence[int]) -> AsyncIterator[str]:
    """Its address."""
    assert PROGRAM
    with tempfile.TemporaryDirectory(prefix="tt-nginx-") as name:
        folder, port = Path(name), free_port()
        os.chmod(folder, 0o755)  # noqa: PTH101
        (folder / "nginx.conf").write_text(configuration(folder, port, upstreams))
        command = (PROGRAM, "-p", name, "-c", f"{name}/nginx.conf", "-e", f"{name}/error.log")
        process = await asyncio.create_subprocess_exec(*command)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await asyncio.wait_for(process.wait(), END_SECONDS)
