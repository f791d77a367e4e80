"""The rules of the house that no linter knows, or that must hold in the installed environment too."""

import ast
import importlib
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = ("scrapers", "normalize", "reports", "flows")
# Third-party worlds and the one room each may be named in.
ROOM_OF = {
    "prefect": "flows",
    "cyclopts": "flows",
    "rich": "flows",
    "jinja2": "reports",
    "markupsafe": "reports",
    "weasyprint": "reports",
    "pypdf": "reports",
    "pandas": "normalize",
    "pyarrow": "normalize",
    "duckdb": "normalize",
    "httpx": "scrapers",
    "playwright": "scrapers",
    "PIL": "scrapers",
    "bs4": "scrapers",
    "soupsieve": "scrapers",
    "boto3": "scrapers",
    "botocore": "scrapers",
}
EXTRAS = PROJECT["project"]["optional-dependencies"]
DEPENDENCIES = [*PROJECT["project"]["dependencies"], *(text for extra in EXTRAS.values() for text in extra)]
LARGEST_FILE_BYTES = 1_000_000


def imported_modules(path: Path) -> set[str]:
    """Name every module that a file imports, wherever in it; `from a import b` counts as `a` and as `a.b`."""
    names: set[str] = set()
    package = list(path.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            anchor = package[: len(package) + 1 - node.level] if node.level else []
            module = ".".join([*anchor, *([node.module] if node.module else [])])
            names.add(module)
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return names


def sources(package: str) -> list[Path]:
    """List a package's Python files."""
    return sorted((ROOT / package).rglob("*.py"))


def is_in(name: str, package: str) -> bool:
    """Tell whether a dotted name is a package or lies in it."""
    return name == package or name.startswith(f"{package}.")


def imports_of(package: str, unwanted: Callable[[str], bool]) -> dict[str, list[str]]:
    """Map each file of a package to what it imports that is unwanted; files without any are left out."""
    found = {str(path.relative_to(ROOT)): sorted(filter(unwanted, imported_modules(path))) for path in sources(package)}
    return {path: names for path, names in found.items() if names}


@pytest.mark.parametrize("package", PACKAGES)
def test_imported_package_lies_in_this_checkout(package: str) -> None:
    """The generic names mean our packages, not somebody else's that is installed beside them."""
    module = importlib.import_module(package)

    assert module.__file__ is not None
    assert Path(module.__file__).resolve() == ROOT / package / "__init__.py"


@pytest.mark.parametrize(
    "path", [path for path in sources("flows") if path.stem != "__init__"], ids=lambda path: path.name
)
def test_flow_file_shares_its_stem_with_no_module(path: Path) -> None:
    """Prefect loads a flow file by its stem with flows/ first on the path: the stem must hide nothing."""
    assert path.stem not in PACKAGES
    assert path.stem not in sys.stdlib_module_names
    assert path.stem not in packages_distributions()


@pytest.mark.parametrize("package", ["normalize", "reports"])
def test_only_records_and_errors_are_taken_from_scrapers(package: str) -> None:
    """Normalize and reports know what scrapers hands over, and how it fails, nothing else of it."""
    allowed = re.compile(r"scrapers(\.documents)?(\.(records|errors)(\.\w+)?)?")

    assert imports_of(package, lambda name: is_in(name, "scrapers") and not allowed.fullmatch(name)) == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_third_party_worlds_stay_in_their_room(package: str) -> None:
    """Prefect, the network, data frames and the renderers are each named in one package only."""
    foreign = [world for world, room in ROOM_OF.items() if room != package]

    assert imports_of(package, lambda name: any(is_in(name, world) for world in foreign)) == {}


@pytest.mark.parametrize("package", ["normalize", "reports"])
def test_package_imports_without_browser_or_network(package: str) -> None:
    """Every module of normalize and reports loads without httpx, Playwright, Beautiful Soup and Prefect."""
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sources(package)
        if not path.stem.startswith("__")
    ]
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "print(*sorted({'httpx', 'playwright', 'bs4', 'prefect'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, package, *modules],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


@pytest.mark.parametrize("package", PACKAGES)
def test_imported_distributions_are_declared(package: str) -> None:
    """What a package imports is in pyproject.toml by name, not there by another dependency's grace."""
    declared = {canonicalize_name(Requirement(text).name) for text in DEPENDENCIES}
    distributions = packages_distributions()
    imported = {name.partition(".")[0] for path in sources(package) for name in imported_modules(path)}
    undeclared = {
        name
        for name in imported - sys.stdlib_module_names - set(PACKAGES)
        if declared.isdisjoint(map(canonicalize_name, distributions.get(name, [])))
    }

    assert undeclared == set()


def test_tests_are_no_packages() -> None:
    """No __init__.py lies under tests/: pytest imports each file on its own."""
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_no_large_file_outside_data() -> None:
    """No file under version control is over 1 MB, except in data/."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True
    ).stdout.split("\0")
    files = [ROOT / name for name in listed if name and not name.startswith("data/")]

    assert [path.name for path in files if path.is_file() and path.stat().st_size > LARGEST_FILE_BYTES] == []


def test_lock_names_no_address() -> None:
    """requirements.lock is versions and hashes: where they are fetched from is the machine's own setting."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if "://" in line or line.startswith("-")] == []


def test_lock_fits_the_declared_dependencies() -> None:
    """Every dependency in pyproject.toml is locked, at a version it allows; else ./run lock was forgotten."""
    pinned: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE):
        pinned.setdefault(canonicalize_name(name), set()).add(version)
    declared = [*DEPENDENCIES, *PROJECT["build-system"]["requires"]]
    declared += [requirement for group in PROJECT["dependency-groups"].values() for requirement in group]
    unmet = [
        text
        for text in declared
        for requirement in [Requirement(text)]
        if not any(map(requirement.specifier.contains, pinned.get(canonicalize_name(requirement.name), ())))
    ]

    assert unmet == []
