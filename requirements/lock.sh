#!/bin/sh
# Write the hash-locked requirement files anew. Needs uv; run it when a pin in pyproject.toml or a *.in file changes.
set -eu
cd "$(dirname "$0")/.."
lock="uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11"
$lock pyproject.toml requirements/build.in --extra backend --extra letters -o requirements/run.txt
$lock pyproject.toml requirements/build.in requirements/dev.in --extra backend --extra letters -c requirements/run.txt -o requirements/dev.txt
$lock pyproject.toml requirements/build.in requirements/bench.in --extra backend --extra letters -c requirements/run.txt -o requirements/bench.txt
