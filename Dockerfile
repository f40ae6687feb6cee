# The bot as an image: its requirements as pinned, its own files, and no tool that it does not use.
# compose.yaml builds and runs it; docs/running.md says how.

FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.txt requirements-dev.txt ./
# The same environment as `make venv postgres` makes; the pip outside installs into it.
RUN python -m venv --without-pip .venv \
    && sed -n '/^asyncpg==/,/[^\]$/p' requirements-dev.txt > postgres.txt \
    && python -m pip --python .venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --require-hashes -r requirements.txt -r postgres.txt
COPY bot bot/
COPY cogs cogs/
COPY sandbox sandbox/
COPY storage storage/
# Nothing can be compiled later: the root is read-only.
RUN python -m compileall -q bot cogs sandbox storage

FROM python:3.13-slim
# By number, so that a volume keeps its owner whatever image it meets.
RUN groupadd --gid 10001 likecord \
    && useradd --no-log-init --uid 10001 --gid likecord --no-create-home \
        --home-dir /data --shell /usr/sbin/nologin likecord \
    && install -d -m 700 -o likecord -g likecord /data
WORKDIR /app
COPY --from=build /app/.venv .venv/
COPY --from=build /app/bot bot/
COPY --from=build /app/cogs cogs/
COPY --from=build /app/sandbox sandbox/
COPY --from=build /app/storage storage/
COPY scripts/healthy.py scripts/healthy.py
ENV PATH=/app/.venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/app \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    METRICS_PORT=9180
# The only folder that it writes to: likecord.db is made here unless DATABASE_URL says otherwise.
WORKDIR /data
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "/app/scripts/healthy.py"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
