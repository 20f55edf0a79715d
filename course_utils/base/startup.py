"""What makes `course` and its graders start sooner; no other process, and no other import, is touched."""

import importlib.machinery
import sys

FORMATS, GRAMMAR = "jsonschema._format", "rfc3987_syntax"


class WithoutGrammar:
    """Python's way to find jsonschema's formats: while they are imported the grammar of web addresses is not there.

    The grammar of internationalized addresses takes longer to build than all else that nbformat imports, and formats of
    notebooks have no such addresses. jsonschema does without it, as where it is not installed; whoever imports the
    grammar themselves has it.
    """

    @staticmethod
    def find_spec(name, path=None, target=None):
        spec = importlib.machinery.PathFinder.find_spec(name, path, target) if name == FORMATS else None
        if spec is not None:
            run = spec.loader.exec_module
            spec.loader.exec_module = lambda module: _without_grammar(run, module)
        return spec


def skip_address_grammar():
    """Let nbformat be imported without that grammar, in this process.

    >>> skip_address_grammar()
    >>> import nbformat
    """
    if WithoutGrammar not in sys.meta_path:
        sys.meta_path.insert(0, WithoutGrammar)


def _without_grammar(run, module):
    is_hidden = GRAMMAR not in sys.modules
    if is_hidden:
        sys.modules[GRAMMAR] = None
    try:
        run(module)
    finally:
        if is_hidden:
            del sys.modules[GRAMMAR]
