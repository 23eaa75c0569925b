"""What can be told about a person, by the names of the Swedish OpenID Connect profile."""

_PREFIX = "https://id.oidc.se/claim"
NUMBER = f"{_PREFIX}/personalIdentityNumber"
COORDINATION_NUMBER = f"{_PREFIX}/coordinationNumber"
LEVEL = f"{_PREFIX}/coordinationNumberLevel"
PREVIOUS = f"{_PREFIX}/previousCoordinationNumber"
PRID = "https://id.swedenconnect.se/claim/prid"
# No profile has a claim for protected identities, so this one has a name that nobody else can use.
PROTECTED = "https://testlegitimering.invalid/claim/protected"
# Where staff work, and for whom a citizen is vouched: organisations that are invented, as are their numbers.
AFFILIATION, ORGANISATION_NUMBER = f"{_PREFIX}/orgAffiliation", f"{_PREFIX}/orgNumber"
ORGANISATION, UNIT = f"{_PREFIX}/orgName", f"{_PREFIX}/orgUnit"
WORK = (AFFILIATION, ORGANISATION_NUMBER, ORGANISATION, UNIT)
EMAIL = ("email", "email_verified")
NAMES = ("name", "given_name", "family_name", "birthdate")
NUMBERS = (NUMBER, COORDINATION_NUMBER)
ALL = (*NAMES, *NUMBERS, LEVEL, PREVIOUS, PRID, PROTECTED, *WORK, *EMAIL)

# The level and the previous number are given only to who asks for them by name.
SCOPES: dict[str, tuple[str, ...]] = {
    "openid": (),
    "profile": NAMES,
    "email": EMAIL,
    "https://id.oidc.se/scope/naturalPersonInfo": (*NAMES, PROTECTED),
    "https://id.oidc.se/scope/naturalPersonNumber": NUMBERS,
    "https://id.oidc.se/scope/naturalPersonOrgId": WORK,
    "https://id.swedenconnect.se/scope/eidasNaturalPersonIdentity": (PRID,),
}
# What a scope also puts into the ID Token; the names stand in the user information only.
IN_ID_TOKEN = {*NUMBERS, PRID, AFFILIATION}

_LOA = "http://id.elegnamnden.se/loa/1.0"
UNCERTIFIED = "http://id.swedenconnect.se/loa/1.0/uncertified-loa3"
NATIONAL = (f"{_LOA}/loa3", f"{_LOA}/loa4", UNCERTIFIED)
EIDAS = (f"{_LOA}/eidas-nf-sub", f"{_LOA}/eidas-nf-high")
ACR_VALUES = (*NATIONAL, *EIDAS)
TOO_LOW = f"{_LOA}/loa2"
