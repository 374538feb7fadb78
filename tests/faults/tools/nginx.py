"""nginx in front of servers, with our own configuration's way of passing on."""

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.faults.tools.servers import END_SECONDS, free_port

PROGRAM = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
DEPLOYED = Path(__file__).parents[3] / "deploy" / "nginx.conf"
LIFETIME = timedelta(days=1)
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


def configuration(folder: Path, port: int, upstreams: Sequence[int], *, tls: bool = False) -> str:
    """As it is deployed, with TLS or without, and without the limits of one address, as here all come from one."""
    left_out = "limit" if tls else "ssl|limit"
    deployed = re.sub(rf"^ *({left_out})_.*\n", "", DEPLOYED.read_text("utf-8"), flags=re.MULTILINE)
    deployed = deployed.replace("listen 443 ssl", f"listen 127.0.0.1:{port}{' ssl' if tls else ''}")
    deployed = deployed.replace("/etc/ssl/tasktalk", str(folder))
    one = re.search(r"^ *server 127\.0\.0\.1:8000(.*);$", deployed, re.MULTILINE)
    assert one
    servers = "\n".join(f"    server 127.0.0.1:{upstream}{one[1]};" for upstream in upstreams)
    return AROUND.format(folder=folder, deployed=deployed.replace(one[0], servers))


@asynccontextmanager
async def nginx(upstreams: Sequence[int], *, tls: bool = False) -> AsyncIterator[str]:
    """Its address. With TLS, its certificate is one that nobody else has signed."""
    assert PROGRAM
    with tempfile.TemporaryDirectory(prefix="tt-nginx-") as name:
        folder, port = Path(name), free_port()
        os.chmod(folder, 0o755)  # noqa: PTH101
        (folder / "nginx.conf").write_text(configuration(folder, port, upstreams, tls=tls))
        if tls:
            _certify(folder)
        command = (PROGRAM, "-p", name, "-c", f"{name}/nginx.conf", "-e", f"{name}/error.log")
        process = await asyncio.create_subprocess_exec(*command)
        try:
            yield f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await asyncio.wait_for(process.wait(), END_SECONDS)


def _certify(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tasks.example.com")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + LIFETIME)
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "privkey.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    signed = made.sign(key, hashes.SHA256())
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
