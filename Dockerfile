# JupyterLab with everything in it; also what Binder builds. environment.md says how to use it.

# What set-up needs beforehand, and the user that Binder asks for.
FROM node:24-bookworm-slim AS tools
ARG NB_USER=jovyan
ARG NB_UID=1000
# Whatever versions Debian holds will do.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates git g++ make python3 python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && userdel --remove node \
    && useradd --create-home --user-group --shell /bin/bash --uid "${NB_UID}" "${NB_USER}" \
    && install --directory --owner="${NB_USER}" --group="${NB_USER}" "/home/${NB_USER}/pathkernel"
ENV USER=${NB_USER} NB_UID=${NB_UID} HOME=/home/${NB_USER} PATHKERNEL_PYTHON=/usr/bin/python3
USER ${NB_UID}

FROM tools
WORKDIR ${HOME}/pathkernel
COPY --chown=${USER}:${USER} . .
RUN npm run setup && rm -rf "${HOME}/.npm"
# Binder starts `jupyter` itself.
ENV PATH=${HOME}/pathkernel/.venv/bin:${PATH}
EXPOSE 8888
# What `npm start` runs; npm would not pass on the signal to stop.
CMD ["node", "setup/start.mjs", "--no-browser", "--ip=0.0.0.0", "--port=8888"]
