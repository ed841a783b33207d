"""Test vectors for passes, by an implementation that shares nothing with ours: Python, cbor2 and cryptography.

Written from resources/manual/passes.md. Run by hand (Debian: python3-cbor2, python3-cryptography):
    /usr/bin/python3 main/controller/passes/vectors.py > main/controller/passes/vectors.json
The keys are fixed and known to everybody; Ed25519 has no randomness, so the output is always the same.
"""
import base64
import json
import struct
import uuid

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
SKEW = 30
DAY = 86400
NOW = 1795248000  # 2026-11-21T08:00:00Z
SUB, AUD, EXP, NBF, IAT, CTI, SCOPE = 2, 3, 4, 5, 6, 7, 9


def base45(data):
    text = ""
    for at in range(0, len(data), 2):
        pair = data[at:at + 2]
        n = int.from_bytes(pair, "big")
        for _ in range(3 if len(pair) == 2 else 2):
            n, digit = divmod(n, 45)
            text += ALPHABET[digit]
    return text


def text_of(data):
    return "GP1:" + base45(data)


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


SEEDS = {"k1": bytes(range(32)), "k2": bytes(range(32, 64)), "old": bytes(range(64, 96)), "new": bytes(range(96, 128))}
STRANGER = bytes(range(128, 160))
KEYS = [
    ("k1", "2026-01-01T00:00:00Z", None),
    ("k2", "2026-01-01T00:00:00Z", None),
    ("old", "2025-01-01T00:00:00Z", "2026-11-21T08:00:00Z"),
    ("new", "2026-11-21T08:00:00.001Z", None),
]
REVOKED = "c0ffee"


def private(seed):
    return Ed25519PrivateKey.from_private_bytes(seed)


def public(seed):
    return private(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def header(kid):
    return cbor2.dumps({1: -8, 4: kid.encode()}, canonical=True)


def member(text):
    """A UUID goes as its 16 bytes."""
    try:
        return uuid.UUID(text).bytes if str(uuid.UUID(text)) == text else text
    except ValueError:
        return text


def claims(memberId="m-1001", tenant="t-1", passId="0a0b0c0d", notBefore=NOW, expiresAt=NOW + 60, doorIds=None):
    made = {SUB: member(memberId), AUD: tenant, EXP: expiresAt, CTI: bytes.fromhex(passId)}
    if notBefore is not None:
        made[NBF] = notBefore
    if doorIds is not None:
        made[SCOPE] = doorIds
    return made


def signature(protected, payload, seed, context="Signature1", aad=b""):
    return private(seed).sign(cbor2.dumps([context, protected, aad, payload], canonical=True))


def cose(payload, kid="k1", seed=None, protected=None, unprotected=None, **signing):
    protected = header(kid) if protected is None else protected
    made = signature(protected, payload, seed or SEEDS.get(kid, STRANGER), **signing)
    return cbor2.dumps([protected, unprotected or {}, payload, made], canonical=True)


def a_pass(kid="k1", **given):
    return cose(cbor2.dumps(claims(**given), canonical=True), kid)


def raw_map(*pairs):
    """A map with its pairs as they are given: any order, any encoding of a value."""
    encoded = b"".join(cbor2.dumps(key) + (value.data if isinstance(value, Raw) else cbor2.dumps(value, canonical=True))
                       for key, value in pairs)
    return bytes([0xA0 + len(pairs)]) + encoded


class Raw:
    def __init__(self, data):
        self.data = data


CASES = []


def case(name, text, expect, mint=None, door="front", at=NOW * 1000, trust="held", used=None):
    if isinstance(text, bytes):
        text = text_of(text)
    CASES.append({"name": name, "text": text, "characters": len(text), "doorId": door, "at": at, "trust": trust,
                  "usedAt": used, "expect": expect, "mint": mint})


def good(name, kid="k1", scope=None, door="front", at=NOW * 1000, trust="held", used=None, why=None, **given):
    """A pass that is what it should be; `why`: refused all the same, for what is the case at the door."""
    shape = dict(memberId="m-1001", tenant="t-1", passId="0a0b0c0d", notBefore=NOW, expiresAt=NOW + 60)
    shape.update(given)
    expect = {"ok": False, "why": why} if why else {
        "ok": True, "memberId": shape["memberId"], "passId": shape["passId"],
        "until": (shape["expiresAt"] + SKEW) * 1000}
    mint = {"kid": kid, "tenant": shape["tenant"], "memberId": shape["memberId"], "passId": shape["passId"],
            "notBefore": None if shape["notBefore"] is None else shape["notBefore"] * 1000,
            "expiresAt": shape["expiresAt"] * 1000, "scope": scope}
    case(name, a_pass(kid, doorIds=scope, **shape), expect, mint, door, at, trust, used)


def bad(name, text, why="signature"):
    case(name, text, {"ok": False, "why": why})


UUID = "01937a1e-5b2c-7d3e-8f40-a1b2c3d4e5f6"

# What opens.
good("a member's card, a minute long")
good("without a beginning", notBefore=None)
good("for one door", scope="front")
good("for two doors", scope="gym front", memberId="m-7", passId="01")
good("a member id that is a UUID", memberId=UUID, notBefore=None, passId="0a0b0c0d0e0f")
good("a member id in Japanese", memberId="会員・七")
good("a member id of 20 characters", memberId="0123456789abcdefghij", notBefore=None, passId="0a0b0c")
good("the longest there is", memberId="m-10010010010")
good("the second key", kid="k2")
good("a pass id of 16 bytes", memberId="7", tenant="t-1", passId="00112233445566778899aabbccddeeff", notBefore=None)
good("a life of seven days", notBefore=NOW, expiresAt=NOW + 7 * DAY)
good("used at another door", used="back")

# When it opens.
good("early, within the skew", at=(NOW - SKEW) * 1000)
good("early, a millisecond beyond the skew", at=(NOW - SKEW) * 1000 - 1, why="expired")
good("late, a millisecond within the skew", at=(NOW + 60 + SKEW) * 1000 - 1)
good("late, beyond the skew", at=(NOW + 60 + SKEW) * 1000, why="expired")
EARLIEST = (NOW + 60 - 7 * DAY - SKEW) * 1000
good("without a beginning, seven days and the skew before the end", notBefore=None, at=EARLIEST)
good("without a beginning, a millisecond before that", notBefore=None, at=EARLIEST - 1, why="expired")
good("too early, says a doubtful clock", at=(NOW - 365 * DAY) * 1000, trust="doubtful")
good("over, for certain", at=(NOW + 60 + SKEW) * 1000, trust="doubtful", why="expired")

# What is refused with a good signature.
good("of another tenant", tenant="t-2", why="tenant")
good("of another tenant, by capitals alone", tenant="T-1", why="tenant")
good("revoked", passId=REVOKED, why="revoked")
good("revoked, at a doubtful clock too", passId=REVOKED, trust="doubtful", why="revoked")
good("for another door", scope="back gym", memberId="m-7", why="door")
good("for a door of which ours is the beginning", scope="front2", memberId="m-1", why="door")
good("used here", used="front", why="used")
good("by a key whose last millisecond has passed", kid="old", why="revoked")
good("by that key, in its last millisecond", kid="old", at=NOW * 1000 - 1)
good("by a key that begins in a millisecond", kid="new", why="revoked")
good("by that key, in its first millisecond", kid="new", at=NOW * 1000 + 1)
good("by a key that begins, at a doubtful clock", kid="new", trust="doubtful")
good("by a key that has ended for certain", kid="old", trust="doubtful", why="revoked")
good("of another tenant and revoked", tenant="t-2", passId=REVOKED, why="tenant")
good("revoked and over", passId=REVOKED, at=(NOW + DAY) * 1000, why="revoked")
good("over and for another door", scope="back", at=(NOW + DAY) * 1000, why="expired")
good("for another door and used", scope="back", used="front", why="door")

# What is no pass: the signature is good wherever something else is wrong.
GOOD = a_pass()
PAYLOAD = cbor2.dumps(claims(), canonical=True)
PROTECTED = header("k1")
SIGNED = signature(PROTECTED, PAYLOAD, SEEDS["k1"])
ORDERED = sorted(claims().items())


def with_claims(*pairs):
    return cose(raw_map(*pairs))


def changed(key, value):
    return with_claims(*[(k, value if k == key else v) for k, v in ORDERED])


def without(key):
    return with_claims(*[(k, v) for k, v in ORDERED if k != key])


bad("signed by a stranger", cose(PAYLOAD, seed=STRANGER))
bad("signed by another key of ours", cose(PAYLOAD, seed=SEEDS["k2"]))
bad("of a key that nobody knows", a_pass("k9"))
bad("of a key by capitals alone", a_pass("K1"))
bad("with another member and the old signature",
    cbor2.dumps([PROTECTED, {}, cbor2.dumps(claims(memberId="m-1002"), canonical=True), SIGNED], canonical=True))
bad("a byte too short", GOOD[:-1])
bad("a byte too long", GOOD + b"\0")
bad("twice", GOOD + GOOD[:4])
bad("empty", b"")
bad("the signature's S plus the group's order", GOOD[:-32] + (
    int.from_bytes(GOOD[-32:], "little") + 2**252 + 27742317777372353535851937790883648493).to_bytes(32, "little"))
bad("signed with external data", cose(PAYLOAD, aad=b"t-1"))
bad("signed as a COSE_Sign", cose(PAYLOAD, context="Signature"))

bad("base45 of one character", "GP1:A")
bad("base45 with three characters for more than two bytes", "GP1::::" + text_of(GOOD)[7:])
bad("base45 with two characters for more than a byte", text_of(GOOD + b"\0")[:-2] + "::")
bad("base45 in small letters", "GP1:" + text_of(GOOD)[4:].lower())
bad("base45 with a letter of no alphabet", text_of(GOOD)[:50] + "!" + text_of(GOOD)[51:])
bad("base64url", "GP1:" + b64url(GOOD))

bad("tagged as a COSE_Sign1", b"\xd2" + GOOD)
bad("tagged as a CWT", b"\xd8\x3d\xd2" + GOOD)
bad("tagged as CBOR", b"\xd9\xd9\xf7" + GOOD)
bad("an array without length", b"\x9f" + GOOD[1:] + b"\xff")
bad("an array whose length is written long", b"\x98\x04" + GOOD[1:])
bad("an array of five", b"\x85" + GOOD[1:] + b"\xf6")
bad("a map", b"\xa2" + GOOD[1:])
bad("kid outside the protected header",
    cose(PAYLOAD, protected=cbor2.dumps({1: -8}), unprotected={4: b"k1"}, seed=SEEDS["k1"]))
bad("kid both inside and outside", cose(PAYLOAD, unprotected={4: b"k1"}))
bad("alg outside the protected header",
    cose(PAYLOAD, protected=cbor2.dumps({4: b"k1"}), unprotected={1: -8}, seed=SEEDS["k1"]))
bad("no protected header", cose(PAYLOAD, protected=b"", seed=SEEDS["k1"]))
bad("another algorithm", cose(PAYLOAD, protected=cbor2.dumps({1: -7, 4: b"k1"}, canonical=True), seed=SEEDS["k1"]))
bad("Ed25519 by its newer number",
    cose(PAYLOAD, protected=cbor2.dumps({1: -19, 4: b"k1"}, canonical=True), seed=SEEDS["k1"]))
bad("a third header", cose(PAYLOAD, protected=cbor2.dumps({1: -8, 3: 61, 4: b"k1"}, canonical=True), seed=SEEDS["k1"]))
bad("a header out of order", cose(PAYLOAD, protected=raw_map((4, b"k1"), (1, -8)), seed=SEEDS["k1"]))
bad("a header twice", cose(PAYLOAD, protected=raw_map((1, -8), (1, -8), (4, b"k1")), seed=SEEDS["k1"]))
bad("a kid of text", cose(PAYLOAD, protected=cbor2.dumps({1: -8, 4: "k1"}, canonical=True), seed=SEEDS["k1"]))
bad("an empty kid", cose(PAYLOAD, protected=cbor2.dumps({1: -8, 4: b""}, canonical=True), seed=SEEDS["k1"]))
bad("a kid with a byte order mark",
    cose(PAYLOAD, protected=cbor2.dumps({1: -8, 4: b"\xef\xbb\xbfk1"}, canonical=True), seed=SEEDS["k1"]))
bad("a detached payload", cbor2.dumps([PROTECTED, {}, None, SIGNED], canonical=True))
bad("a payload that isn't wrapped", cbor2.dumps([PROTECTED, {}, claims(), SIGNED], canonical=True))
bad("a signature of 63 bytes", cbor2.dumps([PROTECTED, {}, PAYLOAD, SIGNED[:-1]], canonical=True))
bad("a signature of 65 bytes", cbor2.dumps([PROTECTED, {}, PAYLOAD, SIGNED + b"\0"], canonical=True))

bad("claims that are a list", cose(cbor2.dumps(["m-1001", "t-1", NOW + 60])))
bad("claims followed by something", cose(PAYLOAD + b"\0"))
bad("claims without length", cose(b"\xbf" + PAYLOAD[1:] + b"\xff"))
bad("claims in another order", with_claims(*reversed(ORDERED)))
bad("the same claim twice", with_claims((SUB, "m-1"), (SUB, "m-1"), *ORDERED[1:]))
bad("a claim twice with different values", with_claims((SUB, "m-1"), *ORDERED))
bad("a key of text", with_claims(*ORDERED[1:], ("2", "m-1001")))
bad("issued at", with_claims(*ORDERED[:4], (IAT, NOW), ORDERED[4]))
bad("an issuer", with_claims((1, "t"), *[pair for pair in ORDERED if pair[0] != NBF]))
bad("a claim of somebody's own", with_claims(*ORDERED, (-70000, 1)))
for word, key in (("member", SUB), ("tenant", AUD), ("end", EXP), ("pass id", CTI)):
    bad("no " + word, without(key))
bad("an empty member id", changed(SUB, ""))
bad("a member id of 15 bytes", with_claims((SUB, bytes(15)), (AUD, "t-1"), (EXP, NOW + 60), (CTI, b"\1")))
bad("a member id that is a number", changed(SUB, 1001))
bad("a member id that isn't UTF-8", changed(SUB, Raw(b"\x66m-\xff001")))
bad("a member id in pieces", changed(SUB, Raw(b"\x7f\x63m-1\x63001\xff")))
bad("a member id whose length is written long", changed(SUB, Raw(b"\x78\x06m-1001")))
bad("an empty tenant", changed(AUD, ""))
bad("two tenants", changed(AUD, Raw(b"\x82\x61a\x61b")))
bad("an end that is a float", changed(EXP, Raw(b"\xfb" + struct.pack(">d", NOW + 60))))
bad("an end that is a tagged time", changed(EXP, Raw(b"\xc1\x1a" + struct.pack(">I", NOW + 60))))
bad("an end that is written long", changed(EXP, Raw(b"\x1b" + struct.pack(">Q", NOW + 60))))
for word, end in (("after the year 2106", 2**32), ("of 64 bits", 2**64 - 1), ("before 1970", -1)):
    bad("an end " + word, with_claims((SUB, "m-1001"), (AUD, "t-1"), (EXP, end), (CTI, b"\1")))
bad("an end that is text", changed(EXP, "2027"))
bad("an end at the beginning", changed(EXP, NOW))
bad("a life of seven days and a second", changed(EXP, NOW + 7 * DAY + 1))
bad("a beginning of nothing", changed(NBF, None))
bad("an empty pass id", changed(CTI, b""))
bad("a pass id of 17 bytes", with_claims((SUB, "7"), (AUD, "t-1"), (EXP, NOW + 60), (CTI, bytes(17))))
bad("a pass id of text", changed(CTI, "0a0b"))


def with_scope(value):
    return with_claims((SUB, "7"), (AUD, "t-1"), (EXP, NOW + 60), (CTI, b"\1"), (SCOPE, value))


bad("no door at all", with_scope(""))
bad("two spaces between doors", with_scope("front  gym"))
bad("a space at the end", with_scope("front "))
bad("a door twice", with_scope("front front"))
bad("doors in a list", with_scope(Raw(b"\x81\x65front")))
bad("doors as bytes", with_scope(b"front"))
bad("a door in Japanese", with_scope("正面"))

LONG = a_pass(memberId="m-100100100100")
assert len(text_of(LONG)) == 181
assert all(one["characters"] <= 180 for one in CASES), "refused for its length alone"
bad("a character too long", LONG)

# Static codes: nothing that a pass checker has to do with.
for name, text in (("a member's number", "M0001"), ("a small prefix", "gp1:" + text_of(GOOD)[4:]),
                   ("a part of the prefix", "GP1"), ("a later format", "GP2:" + text_of(GOOD)[4:]), ("nothing", "")):
    case(name, text, None)
case("white space at the ends", " \r" + text_of(GOOD) + "\u3000\n", CASES[0]["expect"])

VECTORS = {
    "format": "genkan-pass-vectors/1",
    "settings": {
        "tenant": "t-1",
        "passKeys": [{"kid": kid, "publicKey": b64url(public(SEEDS[kid])), "from": begin, "to": end}
                     for kid, begin, end in KEYS],
        "revokedPasses": [REVOKED],
    },
    "privateKeys": {kid: b64url(seed) for kid, seed in SEEDS.items()},
    "cases": CASES,
}
# As the repository's formatter has it: a short list on one line.
print(json.dumps(VECTORS, indent=2).replace(f'[\n      "{REVOKED}"\n    ]', f'["{REVOKED}"]'))
