FROM python:3.12-slim

ENV DJANGO_SETTINGS_MODULE=portal.settings \
    PATH=/opt/venv/bin:$PATH \
    EMBEDDING_DIR=/site/embedding \
    PYTHONUNBUFFERED=1 \
    STATE_DIR=/state \
    STATIC_ROOT=/site/static

WORKDIR /site

COPY requirements.txt .
RUN python -m venv /opt/venv \
    && pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements.txt

COPY manage.py ./
COPY templates templates
COPY portal portal
COPY intake intake
COPY scoring scoring

# /state becomes a volume that web and worker share: search index, vectors, attachments. The
# model for sentence vectors belongs to the code, so it is built here.
RUN python -m compileall -q portal intake scoring \
    && python manage.py build_embedding \
    && SECRET_KEY=for-this-command-only python manage.py collectstatic --noinput -v 0 \
    && groupadd --system --gid 10001 portal \
    && useradd --system --uid 10001 --gid portal --home-dir /state --shell /usr/sbin/nologin portal \
    && rm -rf /state \
    && install --directory --owner portal --group portal --mode 0700 /state

USER 10001:10001
VOLUME /state
EXPOSE 8000
STOPSIGNAL SIGTERM

# Asked for as a proxy asks, so that the host and the scheme are the site's own.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-c", "\
import os, urllib.parse, urllib.request\n\
site = urllib.parse.urlsplit(os.environ.get('SITE_URL', 'http://127.0.0.1:8000'))\n\
told = {'Host': site.netloc, 'X-Forwarded-Proto': site.scheme}\n\
asked = urllib.request.Request('http://127.0.0.1:8000/healthz', headers=told)\n\
urllib.request.urlopen(asked, timeout=4)\n"]

CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--no-ws", "portal.wsgi:application"]
