"""Names of claims, scopes and levels of assurance, from the Swedish OpenID Connect profile."""

_PREFIX = "https://id.oidc.se/claim"
NUMBER = f"{_PREFIX}/personalIdentityNumber"
COORDINATION_NUMBER = f"{_PREFIX}/coordinationNumber"
LEVEL = f"{_PREFIX}/coordinationNumberLevel"
PREVIOUS = f"{_PREFIX}/previousCoordinationNumber"
PRID = "https://id.swedenconnect.se/claim/prid"
# No profile has a claim for protected identities. The domain invalid is reserved (RFC 2606): no real claim.
PROTECTED = "https://testlegitimering.invalid/claim/protected"
# The employer of staff, or the organisation that a citizen represents.
AFFILIATION = f"{_PREFIX}/orgAffiliation"
ORGANISATION_NUMBER = f"{_PREFIX}/orgNumber"
ORGANISATION = f"{_PREFIX}/orgName"
UNIT = f"{_PREFIX}/orgUnit"
WORK = (AFFILIATION, ORGANISATION_NUMBER, ORGANISATION, UNIT)
EMAIL = ("email", "email_verified")
NAMES = ("name", "given_name", "family_name", "birthdate")
NUMBERS = (NUMBER, COORDINATION_NUMBER)
ALL = (*NAMES, *NUMBERS, LEVEL, PREVIOUS, PRID, PROTECTED, *WORK, *EMAIL)

# LEVEL and PREVIOUS are in no scope: a client requests them with the claims parameter.
SCOPES: dict[str, tuple[str, ...]] = {
    "openid": (),
    "profile": NAMES,
    "email": EMAIL,
    "https://id.oidc.se/scope/naturalPersonInfo": (*NAMES, PROTECTED),
    "https://id.oidc.se/scope/naturalPersonNumber": NUMBERS,
    "https://id.oidc.se/scope/naturalPersonOrgId": WORK,
    "https://id.swedenconnect.se/scope/eidasNaturalPersonIdentity": (PRID,),
}
# The claims of a scope that the ID Token has too; the others are in userinfo only.
IN_ID_TOKEN = {*NUMBERS, PRID, AFFILIATION}

_LOA = "http://id.elegnamnden.se/loa/1.0"
UNCERTIFIED = "http://id.swedenconnect.se/loa/1.0/uncertified-loa3"
NATIONAL = (f"{_LOA}/loa3", f"{_LOA}/loa4", UNCERTIFIED)
EIDAS = (f"{_LOA}/eidas-nf-sub", f"{_LOA}/eidas-nf-high")
ACR_VALUES = (*NATIONAL, *EIDAS)
TOO_LOW = f"{_LOA}/loa2"
