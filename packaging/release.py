"""What a release is: its names, targets, version and date, and archives that have the same bytes each time.

Owns the reading of Cargo.toml and release.json for the scripts of this folder. Must not know any registry.
"""

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

PACKAGING = Path(__file__).resolve().parent
PROJECT = PACKAGING.parent
MANIFEST = tomllib.loads((PROJECT / "Cargo.toml").read_text())["package"]
VERSION = MANIFEST["version"]
RELEASE = json.loads((PACKAGING / "release.json").read_text())
NAMES = RELEASE["names"]
TARGETS = {one["target"]: one for one in RELEASE["targets"]}
LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"]


def refuse(words):
    """Ends the script: what is wrong, and what to do."""
    sys.exit(f"{Path(sys.argv[0]).name}: {words}")


def epoch():
    """The date of everything that is packed: SOURCE_DATE_EPOCH, else the date of the commit."""
    said = os.environ.get("SOURCE_DATE_EPOCH")
    if said is None:
        said = subprocess.run(
            ["git", "-C", PROJECT, "log", "-1", "--format=%ct"], check=True, capture_output=True, text=True
        ).stdout
    # A zip cannot tell a year before 1980.
    return max(int(said), 315532800)


def repository(said):
    """The address of the project, without which nothing can point back at it."""
    address = said or MANIFEST.get("repository")
    if not address:
        refuse("nobody says where the project lives; pass --repository URL or set `repository` in Cargo.toml")
    if not address.startswith("https://"):
        refuse(f"{address} is not an https address; pass --repository https://...")
    return address.rstrip("/")


def command(target):
    """Returns how the command is called where it is a file."""
    return NAMES["command"] + (".exe" if "windows" in target else "")


def binaries(folder):
    """Yields (target, path) of each binary in FOLDER/TARGET/portcullis[.exe], sorted; a folder of no target is refused."""
    folder = Path(folder)
    found = sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
    if not found:
        refuse(f"{folder} holds no binary; put them at {folder}/TARGET/{NAMES['command']}")
    for one in found:
        if one.name not in TARGETS:
            refuse(f"{one.name} is no target of packaging/release.json; remove {one} or add the target")
        path = one / command(one.name)
        if not path.is_file():
            refuse(f"{path} is missing; build it with packaging/build {one.name}")
        yield one.name, path


def fill(template, values):
    """Returns a template with each {{key}} replaced; a key without a value, or a value without a key, is refused."""
    text = template
    for key, value in values.items():
        if "{{" + key + "}}" not in text:
            refuse(f"the template does not ask for {key}; add it, or leave the value out")
        text = text.replace("{{" + key + "}}", value)
    if "{{" in text:
        refuse(f"the template asks for {text.split('{{')[1].split('}}')[0]}, and nobody gives it")
    return text


def digest(path):
    """Returns the SHA-256 of a file in hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def archive(path, files):
    """Writes FILES, {name: (bytes, mode)}, as a gzipped tar: sorted, of nobody, of one date."""
    when = epoch()
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=when) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for name, (content, mode) in sorted(files.items()):
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode, entry.mtime = len(content), mode, when
                tar.addfile(entry, io.BytesIO(content))
