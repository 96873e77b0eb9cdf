# Makes .venv beside this folder and installs pbtool with the extras in $extras; does nothing where that was done.
# Sourced by scripts/demo and scripts/test, which stand in the project's root by then.
python=${PYTHON:-python3}
stamp=.venv/installed-${extras:-plain}
if [ ! -f "$stamp" ] || [ setup.cfg -nt "$stamp" ]; then
    if [ ! -x .venv/bin/pip ]; then
        rm -rf .venv
        "$python" -m venv .venv || {
            echo "scripts: $python cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2
            exit 1
        }
    fi
    .venv/bin/pip install --quiet --disable-pip-version-check --editable ".${extras:+[$extras]}" >&2
    touch "$stamp"
fi
