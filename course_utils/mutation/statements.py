"""What else could stand in the place of a statement: left out, done once instead of each time, added instead of set."""

import ast

OTHER = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult}
LEFT_OUT = (ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.For, ast.With)


def changes(statement):
    """What is said of each change, and the statements for the place of this one."""
    if isinstance(statement, LEFT_OUT) and not _is_docstring(statement):
        yield "(left out)", [ast.Pass()]
    if isinstance(statement, ast.AugAssign):
        yield from _added(statement)
    if isinstance(statement, ast.If):
        yield "(without asking)", statement.body
        if statement.orelse:
            yield "(never)", statement.orelse
    if isinstance(statement, ast.For):
        yield from _repeated(statement)
    if isinstance(statement, ast.With):
        yield "(without `with`)", statement.body
    if isinstance(statement, ast.While):
        yield "(once)", [ast.If(statement.test, statement.body, [])]
    if isinstance(statement, ast.Return) and statement.value is not None:
        yield from _returned(statement)


def _is_docstring(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _added(statement):
    target = ast.parse(ast.unparse(statement.target), mode="eval").body
    if type(statement.op) in OTHER:
        new = ast.AugAssign(statement.target, OTHER[type(statement.op)](), statement.value)
        yield ast.unparse(new), [new]
    target.ctx = ast.Store()
    new = ast.Assign([target], statement.value)
    ast.fix_missing_locations(new)
    yield ast.unparse(new), [new]


def _repeated(statement):
    """A loop that ends after its first round, leaves out an end, or does a part of its body once, before it begins."""
    yield "(first round only)", [ast.For(statement.target, statement.iter, [*statement.body, ast.Break()], [])]
    if getattr(getattr(statement.iter, "func", None), "id", "") != "range":
        for which in ("[1:]", "[:-1]"):
            items = ast.parse(f"list({ast.unparse(statement.iter)}){which}", mode="eval").body
            yield (
                f"for … in {ast.unparse(items)}:",
                [ast.For(statement.target, items, statement.body, statement.orelse)],
            )
    for i, one in enumerate(statement.body):
        if isinstance(one, ast.Assign) and len(statement.body) > 1:
            rest = ast.For(statement.target, statement.iter, statement.body[:i] + statement.body[i + 1 :], [])
            yield f"{ast.unparse(one)}, once, before the loop", [one, rest]


def _returned(statement):
    value = ast.unparse(statement.value)
    for said in (f"-({value})", f"({value}) + 1e-3", f"[{value}]"):
        yield f"return {said}", [ast.Return(ast.parse(said, mode="eval").body)]
