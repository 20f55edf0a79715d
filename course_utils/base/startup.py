"""What makes a process of the course's own start sooner; nothing here is done in a process that is somebody else's."""

import sys


def skip_address_grammar():
    """Let nbformat be imported without the grammar of internationalized web addresses, which takes most of a second.

    Formats of notebooks have no such addresses: jsonschema does without the grammar, as where it is not installed.
    """
    sys.modules.setdefault("rfc3987_syntax", None)
