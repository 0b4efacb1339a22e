# The image holds the one executable, ffmpeg, and a user to run as.
FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates git nodejs npm ffmpeg
WORKDIR /src
COPY . .
RUN sh -c '. scripts/setup && "$bun" run build' scripts/setup

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates ffmpeg && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 1000 --home-dir /data --create-home anicargo
COPY --from=build /src/dist/anicargo /usr/local/bin/anicargo
ENV ANICARGO_MEDIA_DIR=/media ANICARGO_DATA_DIR=/data ANICARGO_CACHE_DIR=/cache
RUN mkdir -p /media /cache && chown anicargo:anicargo /media /cache
VOLUME ["/data", "/cache"]
EXPOSE 3000
USER anicargo
HEALTHCHECK --interval=30s --timeout=6s --start-period=20s CMD ["anicargo", "healthcheck"]
ENTRYPOINT ["anicargo"]
CMD ["serve"]
