# For a JupyterHub: the course in an image that is read only; each user's lessons and progress lie in their own home.
FROM python:3.12-slim
COPY . /tmp/course
RUN pip install --no-cache-dir "torch==2.13.0" --index-url https://download.pytorch.org/whl/cpu \
    && pip install --no-cache-dir jupyterhub /tmp/course --constraint /tmp/course/constraints.txt \
    && rm -rf /tmp/course \
    && useradd --create-home learner
USER learner
WORKDIR /home/learner
CMD ["sh", "-c", "course start && exec jupyterhub-singleuser"]
