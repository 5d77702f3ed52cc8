"""The structure of a checkout in figures: sizes, rooms, wide classes, contracts.

Reads sources and `pyproject.toml` of a folder or a commit. Knows nothing of what a module does.
"""

import argparse
import ast
import io
import re
import subprocess
import tarfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

PACKAGES: Final = ("rokuon", "capture", "archive", "retention", "api")
# A room that is read in one go; a value whose fields are kept in mind.
MAX_MODULES: Final = 30
MAX_FIELDS: Final = 8
# A module that is read at a glance: it may belong to whoever imports it.
SMALL_LINES: Final = 40
_RELATIVES: Final = ("Who", "What", "That")
_Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_CONTRACTS: Final = "pyproject.toml"

# The source files of the product and the contracts: path in the checkout, text.
Sources = Mapping[str, str]
# How much of what is counted there is, by name.
Counts = Mapping[str, int]


def read_folder(root: Path) -> dict[str, str]:
    """Return the sources of a checkout as they lie there."""
    files = [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]
    paths = (path.relative_to(root).as_posix() for path in (root / _CONTRACTS, *files))
    return {path: (root / path).read_text("utf-8") for path in paths}


def read_commit(revision: str) -> dict[str, str]:
    """Return the sources of a commit of this repository."""
    command = ["git", "archive", revision, _CONTRACTS, *PACKAGES]
    packed = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as members:
        files = {each.name: members.extractfile(each) for each in members if each.isfile()}
        texts = {name: file.read() for name, file in files.items() if file is not None}
    ours = (name for name in texts if name.endswith(".py") or name == _CONTRACTS)
    return {name: texts[name].decode("utf-8") for name in ours}


def trees(sources: Sources) -> Iterator[tuple[str, ast.Module]]:
    """Yield the path and the syntax tree of every source file."""
    return ((path, ast.parse(text)) for path, text in sources.items() if path.endswith(".py"))


def count_modules(sources: Sources) -> Counts:
    """Return how many modules lie in each folder itself, without `__init__`."""
    names = (PurePosixPath(path) for path in sources if path.endswith(".py"))
    return Counter(path.parent.as_posix() for path in names if path.name != "__init__.py")


def crowded_folders(sources: Sources) -> Counts:
    """Return the folders of more than thirty modules."""
    return {name: count for name, count in count_modules(sources).items() if count > MAX_MODULES}


def small_modules(sources: Sources) -> Counts:
    """Return the lines of every module under forty, by path."""
    lines = {path: text.count("\n") for path, text in sources.items() if path.endswith(".py")}
    own = {path: count for path, count in lines.items() if not path.endswith("/__init__.py")}
    return {path: count for path, count in own.items() if count < SMALL_LINES}


def declared_fields(cls: ast.ClassDef) -> int:
    """Return how many fields a class annotates; those of the class itself are none."""
    notes = [ast.unparse(each.annotation) for each in cls.body if isinstance(each, ast.AnnAssign)]
    return sum("ClassVar" not in note for note in notes)


def wide_classes(sources: Sources) -> Counts:
    """Return the fields of every class that declares more than eight, by `module.Class`."""
    wide = Counter[str]()
    for path, tree in trees(sources):
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and (fields := declared_fields(node)) > MAX_FIELDS:
                wide[f"{PurePosixPath(path).stem}.{node.name}"] += fields
    return wide


def gerunds(sources: Sources) -> Counts:
    """Return how many modules there are of each name that ends in -ing."""
    return Counter(PurePosixPath(path).stem for path in sources if path.endswith("ing.py"))


def imported_names(tree: ast.AST) -> Iterator[str]:
    """Yield every dotted name that a module imports, wherever it does so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{each.name}" for each in node.names)


def imported_modules(path: str, tree: ast.AST, sources: Sources) -> set[str]:
    """Return the modules of ours that one imports, wherever it does so."""
    found = (module_behind(name, sources) for name in imported_names(tree))
    return {each for each in found if each is not None and each != path}


def module_behind(name: str, sources: Sources) -> str | None:
    """Return the file of the module that a dotted name leads to; None of another's."""
    path = PurePosixPath(*name.split("."))
    files = (f"{each}.py" for each in (path, *path.parents))
    return next((file for file in files if file in sources), None)


def longest_chain(sources: Sources) -> int:
    """Return of how many modules the longest chain of imports is; a circle is followed once."""
    behind = {path: imported_modules(path, tree, sources) for path, tree in trees(sources)}
    lengths: dict[str, int] = {}
    above: set[str] = set()

    def length(path: str) -> int:
        if path not in lengths:
            above.add(path)
            lengths[path] = 1 + max((length(each) for each in behind[path] - above), default=0)
            above.discard(path)
        return lengths[path]

    return max(map(length, sorted(behind)), default=0)


def count_any_parameters(sources: Sources) -> int:
    """Return how many parameters of functions have `Any` in their type."""
    nodes = (each for _, tree in trees(sources) for each in ast.walk(tree))
    types = (each.annotation for each in nodes if isinstance(each, ast.arg) and each.annotation)
    return sum(re.search(r"\bAny\b", ast.unparse(each)) is not None for each in types)


def count_relatives(sources: Sources) -> int:
    """Return how many docstrings of classes and functions begin with a relative pronoun."""
    nodes = (each for _, tree in trees(sources) for each in ast.walk(tree))
    texts = (ast.get_docstring(each) or "" for each in nodes if isinstance(each, _Documented))
    return sum(text.startswith(_RELATIVES) for text in texts)


def folder_behind(name: str, sources: Sources) -> str | None:
    """Return the folder of the module that a dotted name leads to; None of another's."""
    path = PurePosixPath(*name.split("."))
    for each in (path, *path.parents):
        if f"{each}.py" in sources:
            return each.parent.as_posix()
        if f"{each}/__init__.py" in sources:
            return each.as_posix()
    return None


def mutual_pairs(sources: Sources) -> Counts:
    """Return the pairs of folders that import each other, with the imports of the rarer way."""
    arrows = Counter(
        (PurePosixPath(path).parent.as_posix(), folder_behind(name, sources))
        for path, tree in trees(sources)
        for name in imported_names(tree)
    )
    return {
        f"{one} ↔ {other}": min(count, arrows[other, one])
        for (one, other), count in arrows.items()
        if other is not None and one < other and (other, one) in arrows
    }


def contract_layers(sources: Sources) -> Iterator[list[list[str]]]:
    """Yield the layers of every contract that has some, each with the names that stand in it."""
    for contract in tomllib.loads(sources[_CONTRACTS])["tool"]["importlinter"]["contracts"]:
        layers = [re.findall(r"[\w.]+", layer) for layer in contract.get("layers", ())]
        for container in contract.get("containers", ()):
            yield [[f"{container}.{name}" for name in layer] for layer in layers]
        if "containers" not in contract:
            yield layers


def count_floors(sources: Sources) -> int:
    """Return the layers of the contract inside `api`; the tallest where there are several."""
    inside = [each for each in contract_layers(sources) if "'api." in str(each[:1])]
    return max(map(len, inside), default=0)


def layered_modules(sources: Sources) -> int:
    """Return how many single modules, not folders, the layers name."""
    every = (name for layers in contract_layers(sources) for layer in layers for name in layer)
    return sum(f"{name.replace('.', '/')}.py" in sources for name in set(every))


def figures(sources: Sources) -> Counts:
    """Return the figures of the first table by their words."""
    lines = Counter[str]()
    for path, text in sources.items():
        lines[path.partition("/")[0]] += text.count("\n")
    modules = count_modules(sources)
    return {
        **{f"lines of {name}": lines[name] for name in PACKAGES},
        "lines in all": sum(lines[name] for name in PACKAGES),
        "modules": sum(modules.values()),
        "folders": len(modules),
        "modules of the fullest folder": max(modules.values(), default=0),
        f"folders of more than {MAX_MODULES} modules": len(crowded_folders(sources)),
        f"classes of more than {MAX_FIELDS} fields": len(wide_classes(sources)),
        f"modules under {SMALL_LINES} lines": len(small_modules(sources)),
        "modules of the longest chain of imports": longest_chain(sources),
        "parameters with Any in their type": count_any_parameters(sources),
        f"docstrings beginning with {', '.join(_RELATIVES)}": count_relatives(sources),
        "pairs of folders that import each other": len(mutual_pairs(sources)),
        "floors of the contract inside api": count_floors(sources),
        "modules that layers of contracts name": layered_modules(sources),
        "modules whose name ends in -ing": len(gerunds(sources)),
    }


def table(title: str, heads: Sequence[str], counts: Sequence[Counts]) -> str:
    """Return an aligned table in Markdown, of two or more with the change from first to last."""
    names = dict.fromkeys(name for each in counts for name in each)
    rows = [[title, *heads, "change"]]
    for name in names:
        row = [each.get(name, 0) for each in counts]
        rows.append([name, *(f"{count:,}" for count in row), f"{row[-1] - row[0]:+,}"])
    if len(heads) == 1:
        rows = [row[:-1] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
    lines = ([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])] for row in rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def report(checkouts: Mapping[str, Sources]) -> str:
    """Return all tables, with a column for each checkout."""
    heads, all_of_them = [*checkouts], [*checkouts.values()]
    tables = [table("", heads, [figures(each) for each in all_of_them])]
    for title, count in (
        (f"folder of more than {MAX_MODULES} modules", crowded_folders),
        (f"class of more than {MAX_FIELDS} fields", wide_classes),
        ("imports of the rarer way", mutual_pairs),
        ("module in -ing", gerunds),
    ):
        counts = [count(each) for each in all_of_them]
        fullest = [dict(sorted(each.items(), key=lambda item: -item[1])) for each in counts]
        tables.append(table(title, heads, fullest))
    return "\n".join(tables)


def main() -> None:
    """Print the structure of each checkout, commits first."""
    parser = argparse.ArgumentParser(prog="python -m bench.structure", description=__doc__)
    parser.add_argument("folder", nargs="*", type=Path, help="a checkout; this one by default")
    parser.add_argument("--commit", action="append", default=[], help="a commit of this one")
    options = parser.parse_args()
    folders = options.folder or ([] if len(options.commit) > 1 else [Path()])
    checkouts = {each: read_commit(each) for each in options.commit}
    checkouts |= {each.resolve().name: read_folder(each) for each in folders}
    print(report(checkouts), end="")


if __name__ == "__main__":
    main()
