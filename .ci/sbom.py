"""Writes what is locked as a bill of materials, CycloneDX 1.6 in JSON; `make sbom` runs it.

Names, versions and hashes are the lock's. Licences and who needs whom are told by the installed packages, so
they are missing of what is locked for other machines. The same lock has the same serial number.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
import uuid
from collections.abc import Container, Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import locked
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def bill(lock: Path) -> Bom:
    """Every package of the lock, with forewarn as what they are for.

    What runs with it is in scope `required`; what only tests, builds or documents it is `excluded`; of what
    is for other machines alone, nothing is said.
    """
    ours = metadata.metadata("forewarn")
    running = _needs(Requirement("forewarn"))
    needs = _needs(Requirement(f"forewarn[{','.join(ours.get_all('Provides-Extra', []))}]"))
    packages = locked.read(lock)
    parts = {package: _component(package, _scope(package, running)) for package in packages}
    here = {package.name: part for package, part in parts.items() if package.here}
    here["forewarn"] = whole = Component(
        name="forewarn", version=ours["Version"], type=ComponentType.APPLICATION, bom_ref="forewarn",
        description=ours["Summary"], licenses=_licences("forewarn", ours["Version"]),
    )  # fmt: skip
    made = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", time.time())), UTC)
    serial = uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(lock.read_bytes()).hexdigest())
    found = Bom(
        components=parts.values(), serial_number=serial, metadata=BomMetaData(component=whole, timestamp=made)
    )
    for name, below in needs.items():
        found.register_dependency(here[name], [here[other] for other in sorted(below)])
    return found


def _scope(package: locked.Locked, running: Container[str]) -> ComponentScope | None:
    if package.name in running:
        return ComponentScope.REQUIRED
    return ComponentScope.EXCLUDED if package.here else None


def _component(package: locked.Locked, scope: ComponentScope | None) -> Component:
    address = PackageURL("pypi", name=package.name, version=package.version)
    files = [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in package.hashes]
    where = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION, url=XsUri(f"https://pypi.org/simple/{package.name}/"),
        comment="the files of this version that may be installed", hashes=files,
    )  # fmt: skip
    return Component(
        name=package.name, version=package.version, purl=address, bom_ref=str(address),
        scope=scope, licenses=_licences(package.name, package.version), external_references=[where],
        properties=[Property(name="forewarn:only-where", value=package.marker)] if package.marker else [],
    )  # fmt: skip


def _licences(name: str, version: str) -> Iterator[License]:
    """What the installed package says of its licence, if it is this version: exact words before classes."""
    try:
        told = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return
    *_, kind = ["", *(each for each in told.get("classifier", []) if each.startswith("License ::"))]
    named = [told.get("license_expression"), told.get("license"), kind.rpartition(" :: ")[2]]
    short = [str(each) for each in named if each and "\n" not in each]
    if told["version"] == version and short:
        yield LicenseFactory().make_from_string(short[0])


def _needs(root: Requirement) -> dict[str, set[str]]:
    """Whom each package below `root` needs on this machine, by name."""
    found: dict[str, set[str]] = {}
    waiting = [(root.name, extra) for extra in {"", *root.extras}]
    seen: set[tuple[str, str]] = set()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        told = [Requirement(text) for text in metadata.requires(name) or ()]
        below = [each for each in told if each.marker is None or each.marker.evaluate({"extra": extra})]
        found.setdefault(name, set()).update(canonicalize_name(each.name) for each in below)
        waiting += [(canonicalize_name(each.name), more) for each in below for more in ("", *each.extras)]
    return found


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    written = bill(Path("requirements.lock"))
    target.write_text(JsonV1Dot6(written).output_as_string(indent=2) + "\n", encoding="utf-8")
    print(f"{target}: {len(written.components)} packages")
