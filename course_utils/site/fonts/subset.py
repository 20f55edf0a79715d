"""Make the fonts of the pages from packages of npm and from matplotlib. Run once, by an author, with brotli installed:

npm pack @fontsource-variable/source-sans-3@5.3.1 @fontsource/stix-two-math@5.3.0
python -m course_utils.site.fonts.subset FOLDER_OF_THE_TWO_FILES
"""

import sys
import tarfile
import tempfile
from pathlib import Path

import matplotlib

HERE = Path(__file__).parent
COPIED = {  # a subset already, taken as it is: its licence reserves the name for unchanged files
    "latin-wght-normal": "source-sans-3.woff2",
    "latin-wght-italic": "source-sans-3-italic.woff2",
    "greek-wght-normal": "source-sans-3-greek.woff2",
}
LETTERS = "U+0020-007E,U+00A0-00FF,U+0391-03F6,U+2010-2044,U+2070-209C,U+2190-21FF,U+2200-22FF"
MATHS = f"{LETTERS},U+0302-0308,U+2100-214F,U+2308-230B,U+23B4-23B5,U+23DC-23DF,U+27E8-27EB,U+27F5-27FA,U+2A7D-2A7E"
MATHS += ",U+1D400-1D467,U+1D6A4-1D71B"  # what a formula turns letters into: bold and italic
SIGNS = f"{LETTERS},U+2500-25FF,U+26A0,U+2705-2764"
DEJAVU = Path(matplotlib.get_data_path(), "fonts/ttf")


def main(folder):
    """Write the fonts and their licences into this folder."""
    sans, stix = (next(Path(folder).glob(f"fontsource-*{name}*.tgz")) for name in ("source-sans-3", "stix-two-math"))
    for part, name in COPIED.items():
        (HERE / name).write_bytes(_member(sans, f"files/source-sans-3-{part}.woff2"))
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch, "stix.woff2")
        whole.write_bytes(_member(stix, "files/stix-two-math-latin-400-normal.woff2"))
        _subset(whole, "stix-two-math.woff2", MATHS, "--layout-features=ssty,ccmp,kern,mark,mkmk,dtls,flac")
    _subset(DEJAVU / "DejaVuSansMono.ttf", "dejavu-sans-mono.woff2", SIGNS, "--no-hinting")
    (HERE / "source-sans-3.LICENSE").write_bytes(_member(sans, "LICENSE"))
    (HERE / "stix-two-math.LICENSE").write_bytes(_member(stix, "LICENSE"))
    (HERE / "dejavu-sans-mono.LICENSE").write_bytes((DEJAVU / "LICENSE_DEJAVU").read_bytes())


def _member(archive, name):
    with tarfile.open(archive) as packed:
        return packed.extractfile(f"package/{name}").read()


def _subset(source, name, characters, *options):
    from fontTools import subset

    subset.main([str(source), f"--unicodes={characters}", "--flavor=woff2", f"--output-file={HERE / name}", *options])


if __name__ == "__main__":
    main(sys.argv[1])
