# SPDX-License-Identifier: Apache-2.0
"""Checks a file against the part of the PREMIS 3.0 schema that records of runs use: which elements stand in which, in
what order and how often, and that every identifier that is referred to is there once. Exit code 1 when it does not hold.

usage: check_premis.py FILE
"""
import re
import sys
import xml.etree.ElementTree as ET

NS = "{http://www.loc.gov/premis/v3}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
VOCABULARIES = "http://id.loc.gov/vocabulary/preservation/"
faults = []


def pair(name, *more):
    return f"{name}Type {name}Value" + "".join(f" {one}" for one in more)


# Children in their order; ? * + as in regular expressions, ( | ) too. What is not here holds text.
CONTENT = {
    "premis": "object+ event* agent* rights*",
    "object:file": "objectIdentifier+ preservationLevel* significantProperties* objectCharacteristics+ originalName? "
                   "storage* signatureInformation* relationship* linkingEventIdentifier* "
                   "linkingRightsStatementIdentifier*",
    "object:representation": "objectIdentifier+ preservationLevel* significantProperties* originalName? storage* "
                             "relationship* linkingEventIdentifier* linkingRightsStatementIdentifier*",
    "event": "eventIdentifier eventType eventDateTime eventDetailInformation* eventOutcomeInformation* "
             "linkingAgentIdentifier* linkingObjectIdentifier*",
    "agent": "agentIdentifier+ agentName* agentType? agentVersion? agentNote* agentExtension* linkingEventIdentifier* "
             "linkingRightsStatementIdentifier* linkingEnvironmentIdentifier*",
    "objectIdentifier": pair("objectIdentifier"),
    "eventIdentifier": pair("eventIdentifier"),
    "agentIdentifier": pair("agentIdentifier"),
    "objectCharacteristics": "compositionLevel? fixity* size? format+ creatingApplication* inhibitors* "
                             "objectCharacteristicsExtension*",
    "fixity": "messageDigestAlgorithm messageDigest messageDigestOriginator?",
    "format": "( formatDesignation formatRegistry? | formatRegistry ) formatNote*",
    "formatDesignation": "formatName formatVersion?",
    "relationship": "relationshipType relationshipSubType relatedObjectIdentifier+ relatedEventIdentifier* "
                    "relatedEnvironmentPurpose* relatedEnvironmentCharacteristic?",
    "relatedObjectIdentifier": pair("relatedObjectIdentifier", "relatedObjectSequence?"),
    "relatedEventIdentifier": pair("relatedEventIdentifier", "relatedEventSequence?"),
    "eventDetailInformation": "eventDetail? eventDetailExtension*",
    "eventOutcomeInformation": "( eventOutcome eventOutcomeDetail* | eventOutcomeDetail+ )",
    "eventOutcomeDetail": "( eventOutcomeDetailNote eventOutcomeDetailExtension* | eventOutcomeDetailExtension+ )",
    "linkingAgentIdentifier": pair("linkingAgentIdentifier", "linkingAgentRole*"),
    "linkingObjectIdentifier": pair("linkingObjectIdentifier", "linkingObjectRole*"),
    "linkingEventIdentifier": pair("linkingEventIdentifier"),
}


def plain(element):
    return element.tag.removeprefix(NS)


def check(element):
    name = plain(element)
    if not element.tag.startswith(NS):
        faults.append(f"{element.tag} is not of PREMIS 3")
    key = f"{name}:{element.get(XSI_TYPE)}" if name == "object" else name
    model = CONTENT.get(key)
    if name == "object" and model is None:
        faults.append(f"an object of type {element.get(XSI_TYPE)}")
    if model is None:
        if len(element):
            faults.append(f"{name} holds elements")
    else:
        pattern = re.sub(r"[A-Za-z]+", lambda m: f"(?:{m[0]} )", model).replace(" ", "")
        pattern = re.sub(r"\(\?:([A-Za-z]+)\)", r"(?:\1 )", pattern)
        children = "".join(plain(child) + " " for child in element)
        if not re.fullmatch(pattern, children):
            faults.append(f"{key} holds: {children}; allowed: {model}")
        if (element.text or "").strip():
            faults.append(f"{name} holds text")
    uri, authority = element.get("valueURI"), element.get("authorityURI")
    if uri and not uri.startswith(f"{VOCABULARIES}{element.get('authority')}/") or (uri and not authority):
        faults.append(f"{name} has the term {uri}")
    for child in element:
        check(child)


def identifier(element, name):
    return element.findtext(f"{NS}{name}Type"), element.findtext(f"{NS}{name}Value")


root = ET.parse(sys.argv[1]).getroot()
if plain(root) != "premis" or root.get("version") != "3.0":
    faults.append("the root is not premis 3.0")
check(root)
known = {}
for kind in ("object", "event", "agent"):
    ids = [identifier(one, f"{kind}Identifier") for one in root.iter(f"{NS}{kind}Identifier")]
    known[kind] = set(ids)
    faults += [f"{kind} {one} stands twice" for one in known[kind] if ids.count(one) > 1] if len(ids) < 5000 else []
    if len(known[kind]) != len(ids):
        faults.append(f"{kind}: {len(ids)} identifiers, {len(known[kind])} of them different")
referred = {"object": set(), "event": set(), "agent": set()}
for prefix in ("linking", "related"):
    for kind in ("Object", "Event", "Agent"):
        for one in root.iter(f"{NS}{prefix}{kind}Identifier"):
            target = identifier(one, f"{prefix}{kind}Identifier")
            referred[kind.lower()].add(target)
            if target not in known[kind.lower()]:
                faults.append(f"{target} is referred to, but is not there")
for digest in root.iter(f"{NS}messageDigest"):
    if not re.fullmatch(r"[0-9a-f]{64}", digest.text or ""):
        faults.append(f"{digest.text} is no SHA-256")
for time in root.iter(f"{NS}eventDateTime"):
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", time.text or ""):
        faults.append(f"{time.text} is no time")

print("\n".join(faults) or ", ".join(f"{len(root.findall(NS + kind))} {kind}s" for kind in known))
sys.exit(1 if faults else 0)
